// A report laid out: what comes first, what belongs together, and what nobody foresaw.

import type { Measure } from '../../model/measure.ts';
import type { Report } from '../../model/report.ts';
import type { Document, Section } from './document.ts';
import { family } from './measure-text.ts';
import { counted, span } from './quantities.ts';
import { balanceSection } from './sections/balance.ts';
import { familySections } from './sections/families.ts';
import { faultsSection, lossByFaultSection } from './sections/faults.ts';
import { doubtsSection, evidenceSection } from './sections/findings.ts';
import { requestsSection } from './sections/requests.ts';
import { runSection } from './sections/run.ts';
import { thresholdsSection } from './sections/thresholds.ts';

/**
 * Every measure of the report is in exactly one section. Three families have a layout of their own; each other family gets one from its
 * measures alone, so a new measure needs no change here.
 */
export function documentOf(report: Report): Document {
  const rates = report.measures.filter(({ name }) => name === 'session.loss_rate' || name === 'session.dormant');
  const others = report.measures.filter(({ name }) => !OWN_LAYOUT.has(family(name)) && !rates.some((rate) => rate.name === name));
  const families = familySections(report, others);
  const some = (...names: readonly string[]) => families.filter((one) => names.includes(one.family)).map(({ section }) => section);
  const sections = [
    thresholdsSection(report),
    requestsSection(report, of(report, 'requests', 'throughput')),
    ...some('affinity', 'session'),
    lossByFaultSection(report, rates),
    ...some('safety'),
    ...some('latency'),
    balanceSection(of(report, 'balance')),
    ...families.filter((one) => !PLACED.has(one.family)).map(({ section }) => section),
    faultsSection(report),
    evidenceSection(report),
    doubtsSection(report),
    runSection(report),
  ];
  return {
    verdict: report.verdict,
    name: report.run.name,
    because: because(report),
    answer: report.answer,
    setting: setting(report),
    sections: sections.filter((section): section is Section => section !== null),
  };
}

const OWN_LAYOUT = new Set(['requests', 'throughput', 'balance']);

/** Families named above; the others come after them. */
const PLACED = new Set(['affinity', 'session', 'safety', 'latency']);

function of(report: Report, ...families: readonly string[]): readonly Measure[] {
  return report.measures.filter(({ name }) => families.includes(family(name)));
}

function because({ verdict, thresholds, doubts }: Report): string {
  if (verdict === 'pass') return '';
  const judged = thresholds.filter((result) => result.verdict === verdict).length;
  const reasons =
    judged === 0
      ? []
      : [`${judged} of ${counted(thresholds.length, 'threshold')} ${verdict === 'fail' ? 'failed' : 'could not be judged'}`];
  if (verdict === 'unknown') reasons.push(...doubts.filter(({ blocking }) => blocking).map(({ code }) => code.replaceAll('-', ' ')));
  return reasons.join(', ');
}

const PLACES = { embedded: 'the embedded lab', real: 'the real lab', own: 'your own deployment' } as const;

const ENDS = { finished: '', interrupted: ', interrupted', broken: ', but the lab died', cut: ', cut: the tool was killed' } as const;

function setting({ run, setup }: Report): string {
  const strategy = setup.strategy === null || run.name === setup.strategy ? '' : ` (${setup.strategy})`;
  return `${counted(run.users, 'user')} for ${span(run.duration)} on ${PLACES[run.lab]}${strategy}, seed ${run.seed}${ENDS[run.ended]}`;
}
