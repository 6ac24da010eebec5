// A report as JUnit XML, for CI servers.

import { CATALOGUE } from '../../model/catalogue.ts';
import type { Report, ThresholdResult } from '../../model/report.ts';
import { SECOND } from '../../model/units.ts';
import { documentOf } from './document-of.ts';
import { NOT_OBSERVABLE } from './measure-text.ts';
import { quantity } from './quantities.ts';
import { visible } from './visible.ts';

/**
 * One test case for each threshold, and one for the verdict, which doubts can change while every threshold holds. A threshold that fails is
 * a failure. One that is unknown is an *error*, not skipped: CI servers show a skipped test as harmless, and a run that could not tell must
 * not look like one that passed.
 */
export function reportJunit(report: Report): string {
  const { run, verdict, thresholds, doubts } = report;
  const cases = [...thresholds.map((result) => thresholdCase(run.name, result)), verdictCase(report)];
  const verdicts = [...thresholds.map((result) => result.verdict), verdict];
  const tally = (of: string): number => verdicts.filter((one) => one === of).length;
  const counts = `tests="${verdicts.length}" failures="${tally('fail')}" errors="${tally('unknown')}" skipped="0"`;
  const seconds = (run.duration / SECOND).toFixed(3);
  const said = [report.answer, ...doubts.map(({ code, text }) => `${code}: ${text}`)].map(xml).join('\n');
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="stickybench" ${counts} time="${seconds}">`,
    `  <testsuite name="${xml(run.name)}" ${counts} time="${seconds}" timestamp="${xml(run.startedAt)}">`,
    ...cases,
    `    <system-out>${said}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function thresholdCase(name: string, { threshold, verdict, value, reason }: ThresholdResult): string {
  if (value === null) return testCase(name, threshold.text, verdict, reason === '' ? NOT_OBSERVABLE : reason);
  const measured = `measured ${quantity(value, CATALOGUE[threshold.measure].unit)}`;
  return testCase(name, threshold.text, verdict, reason === '' ? measured : `${measured}: ${reason}`);
}

function verdictCase(report: Report): string {
  const { because, answer } = documentOf(report);
  return testCase(report.run.name, 'verdict', report.verdict, because === '' ? answer : `${because}. ${answer}`);
}

function testCase(suite: string, name: string, verdict: string, message: string): string {
  const open = `    <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  if (verdict === 'pass') return `${open}/>`;
  const element = verdict === 'fail' ? 'failure' : 'error';
  return `${open}>\n      <${element} type="${verdict}" message="${xml(message)}"/>\n    </testcase>`;
}

/** Text for an attribute or an element. What XML 1.0 cannot hold (section 2.2) is among what `visible` writes out. */
function xml(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
