// The result in one sentence.

import type { Measure } from '../model/measure.ts';
import type { FaultSummary } from '../model/report.ts';
import type { Setup } from '../model/setup.ts';
import { findMeasure } from './measures.ts';

/** Says what became of affinity and of the sessions, from the measures alone. */
export function answer(measures: readonly Measure[], faults: readonly FaultSummary[], setup: Setup): string {
  const total = findMeasure(measures, 'requests.total', {})?.value ?? null;
  if (total === null) return 'Nothing was measured.';
  const clauses = [affinityClause(measures), ...faults.map((fault) => faultClause(measures, fault)), lossClause(measures)];
  const said = clauses.filter((clause) => clause !== null);
  const subject = setup.strategy === null ? '' : `${setup.strategy}: `;
  return `${subject}${said.length === 0 ? `${counted(total, 'request')}, nothing known of sessions` : said.join('; ')}.`;
}

function affinityClause(measures: readonly Measure[]): string | null {
  const correctness = findMeasure(measures, 'affinity.correctness', {});
  const raw = findMeasure(measures, 'affinity.raw', {});
  if (correctness !== null) {
    if (correctness.value === null || correctness.n === null) return null;
    const missed = Math.round((1 - correctness.value) * correctness.n);
    if (missed === 0) return `every one of ${counted(correctness.n, 'request')} whose home was up reached it`;
    return `${grouped(missed)} of ${counted(correctness.n, 'request')} missed a home that was up (affinity correctness ${correctness.value.toFixed(4)})`;
  }
  if (raw === null || raw.value === null) return null;
  return `any backend serves any session (${(raw.value * 100).toFixed(1)} % of requests reached the one that made it)`;
}

const DEEDS = { kill: 'killing', stop: 'stopping', pause: 'pausing', restart: 'restarting', exec: 'hurting', http: 'hurting' } as const;

function faultClause(measures: readonly Measure[], fault: FaultSummary): string | null {
  const rate = (group: string) => findMeasure(measures, 'session.loss_rate', { fault: String(fault.fault), group });
  const hurt = rate('hurt');
  const control = rate('control');
  if (hurt === null || hurt.value === null || hurt.n === null) return null;
  const cost = `${DEEDS[fault.action]} ${fault.target} cost ${share(hurt)} users homed there their session`;
  return control === null || control.value === null ? cost : `${cost} and ${share(control)} others theirs`;
}

/** `57 of 57`, `none of 63`. */
function share({ value, n }: Measure): string {
  const hits = Math.round((value ?? 0) * (n ?? 0));
  return `${hits === 0 ? 'none' : grouped(hits)} of ${grouped(n ?? 0)}`;
}

function lossClause(measures: readonly Measure[]): string | null {
  const lost = findMeasure(measures, 'session.lost', {});
  if (lost === null || lost.value === null) return null;
  const least = lost.bound === 'lower' ? 'at least ' : '';
  if (lost.value === 0) return lost.bound === 'lower' ? 'no session was seen to be lost' : 'no session was lost';
  const causes = measures
    .filter((measure) => measure.name === 'session.lost' && (measure.value ?? 0) > 0 && measure.labels['cause'] !== undefined)
    .map((measure) => `${grouped(measure.value ?? 0)} by ${(measure.labels['cause'] ?? '').replace('_', ' ')}`);
  return `${least}${counted(lost.value, 'session')} lost in all (${causes.join(', ')})`;
}

function counted(value: number, what: string): string {
  return `${grouped(value)} ${what}${value === 1 ? '' : 's'}`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
