// A report as JUnit XML, for CI servers.

import { CATALOGUE } from '../../model/catalogue.ts';
import type { Report, ThresholdResult } from '../../model/report.ts';
import { SECOND } from '../../model/units.ts';
import { NOT_OBSERVABLE } from './measure-text.ts';
import { quantity } from './quantities.ts';

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
  const said = [report.answer, ...doubts.map(({ code, text }) => `${code}: ${text}`)].join('\n');
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="stickybench" ${counts} time="${seconds}">`,
    `  <testsuite name="${xml(run.name)}" ${counts} time="${seconds}" timestamp="${xml(run.startedAt)}">`,
    ...cases,
    `    <system-out>${xml(said)}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function thresholdCase(name: string, { threshold, verdict, value, reason }: ThresholdResult): string {
  const measured = value === null ? NOT_OBSERVABLE : quantity(value, CATALOGUE[threshold.measure].unit);
  const why = reason === '' || reason === measured ? '' : ` (${reason})`;
  return testCase(name, threshold.text, verdict, `measured ${measured}${why}`);
}

function verdictCase({ run, verdict, answer }: Report): string {
  return testCase(run.name, 'verdict', verdict, answer);
}

function testCase(suite: string, name: string, verdict: string, message: string): string {
  const open = `    <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  if (verdict === 'pass') return `${open}/>`;
  const element = verdict === 'fail' ? 'failure' : 'error';
  return `${open}>\n      <${element} type="${verdict}" message="${xml(message)}"/>\n    </testcase>`;
}

/** Characters that XML 1.0 cannot hold at all, even escaped (section 2.2), become U+FFFD. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function xml(text: string): string {
  return text
    .replaceAll(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;');
}
