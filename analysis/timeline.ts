// The analyzer of the timeline: what was hurt when, and how far the entries go.

import type { Analyzer } from '../model/analyzer.ts';
import { type Entry, instant } from '../model/entry.ts';
import type { Doubt, Finding } from '../model/measure.ts';
import type { Micros } from '../model/units.ts';
import { type FaultLog, noteFault } from './fault-log.ts';
import { atSecond } from './measures.ts';
import { encoded, plain } from './plain.ts';

/** Plain data. */
export interface TimelineState {
  faults: FaultLog;
  failures: { fault: number; at: Micros; what: string; detail: string }[];
  last: Micros;
}

export const timeline: Analyzer<TimelineState> = {
  name: 'timeline',
  init: () => ({ faults: [], failures: [], last: 0 }),
  step,
  merge,
  finish: (state): Finding => ({ measures: [], evidence: [], doubts: state.failures.map(failed) }),
  encode: encoded,
  decode: (_, from) => plain<TimelineState>(from),
};

function step(state: TimelineState, entry: Entry): void {
  state.last = Math.max(state.last, instant(entry));
  if (entry.kind !== 'fault') return;
  noteFault(state.faults, entry);
  const { fault, at, detail, action, target, stage } = entry;
  if (stage === 'failed') state.failures.push({ fault, at, what: target === '' ? action : `${action} ${target}`, detail });
}

function merge(into: TimelineState, from: TimelineState): void {
  if (from.faults.length > into.faults.length) into.faults = from.faults;
  if (from.failures.length > into.failures.length) into.failures = from.failures;
  into.last = Math.max(into.last, from.last);
}

function failed({ at, what, detail }: TimelineState['failures'][number]): Doubt {
  const text = `The fault \`${what}\` could not be carried out at ${atSecond(at)}: ${detail}. What the run shows is not what was planned.`;
  return { code: 'fault-failed', blocking: true, text };
}
