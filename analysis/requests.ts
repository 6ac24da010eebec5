// The analyzer of requests: how many, with what outcome, how many per second.

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import { type Entry, type Exchange, type PhaseMark, type Standing, standing } from '../model/entry.ts';
import type { Doubt, Finding, Measure } from '../model/measure.ts';
import { isWarmup, type Setup } from '../model/setup.ts';
import { SECOND } from '../model/units.ts';
import { codeOf, type Names, namesOf } from './flat/names.ts';
import { number, sampled } from './measures.ts';
import { encoded, plain } from './plain.ts';

interface PhaseCounts {
  began: number | null;
  ended: number | null;
  ok: number;
  failed: Record<string, number>;
  unknown: Record<string, number>;
}

export interface RequestsState {
  readonly setup: Setup;
  readonly phases: Names;
  /** By the number of the phase. */
  readonly counts: PhaseCounts[];
}

export const requests: Analyzer<RequestsState> = {
  name: 'requests',
  init: (setup) => ({ setup, phases: namesOf([]), counts: [] }),
  step,
  merge,
  finish,
  encode: ({ phases: { texts }, counts }) => encoded({ texts, counts }),
  decode,
};

function step(state: RequestsState, entry: Entry): void {
  if (entry.kind === 'exchange') tally(phaseOf(state, entry.phase), entry);
  else if (entry.kind === 'phase') mark(phaseOf(state, entry.name), entry);
}

function tally(phase: PhaseCounts, exchange: Exchange): void {
  const result = standing(exchange.outcome);
  if (result === 'ok') phase.ok += 1;
  else {
    const reason = reasonOf(exchange);
    phase[result][reason] = (phase[result][reason] ?? 0) + 1;
  }
}

/** `status-503` for an answer that was not expected, `unmet` where the status alone would have done, else what the outcome says. */
function reasonOf({ outcome }: Exchange): string {
  if (outcome.kind !== 'answered') return outcome.reason;
  return outcome.status >= 400 ? `status-${outcome.status}` : 'unmet';
}

function mark(phase: PhaseCounts, { stage, at }: PhaseMark): void {
  phase[stage] = at;
}

function phaseOf(state: RequestsState, name: string): PhaseCounts {
  const code = codeOf(state.phases, name);
  const known = state.counts[code];
  if (known !== undefined) return known;
  const fresh: PhaseCounts = { began: null, ended: null, ok: 0, failed: {}, unknown: {} };
  state.counts.push(fresh);
  return fresh;
}

/** Each phase with its name. */
function listed({ phases, counts }: RequestsState): readonly [string, PhaseCounts][] {
  return counts.map((one, code) => [phases.texts[code] ?? '', one]);
}

function merge(into: RequestsState, from: RequestsState): void {
  for (const [name, counts] of listed(from)) {
    const phase = phaseOf(into, name);
    phase.began ??= counts.began;
    phase.ended ??= counts.ended;
    phase.ok += counts.ok;
    for (const part of ['failed', 'unknown'] as const) {
      for (const [reason, count] of Object.entries(counts[part])) phase[part][reason] = (phase[part][reason] ?? 0) + count;
    }
  }
}

function finish(state: RequestsState): Finding {
  const all = listed(state);
  const main = all.filter(([name]) => !isWarmup(state.setup, name)).map(([, counts]) => counts);
  const measures = [...describe(main, {}), ...all.flatMap(([phase, counts]) => describe([counts], { phase }))];
  return { measures, evidence: [], doubts: totalOf(main) === 0 ? [noRequests()] : [] };
}

function noRequests(): Doubt {
  const text = 'No request was made outside the warm-up, so nothing was measured. Check users, phases and duration.';
  return { code: 'no-requests', blocking: true, text };
}

function describe(phases: readonly PhaseCounts[], labels: Record<string, string>): Measure[] {
  const total = totalOf(phases);
  const seen = (value: number): number | null => (total === 0 ? null : value);
  const ok = sum(phases, (phase) => phase.ok);
  const parts = (['failed', 'unknown'] as const).flatMap((part) => reasons(phases, part, labels, total));
  return [
    sampled('requests.total', labels, seen(total), total),
    sampled('requests.ok', labels, seen(ok), total),
    ...parts,
    number('throughput.ok', labels, throughput(phases)),
  ];
}

function reasons(phases: readonly PhaseCounts[], part: Exclude<Standing, 'ok'>, labels: Record<string, string>, total: number): Measure[] {
  const byReason: Record<string, number> = {};
  for (const phase of phases) for (const [reason, n] of Object.entries(phase[part])) byReason[reason] = (byReason[reason] ?? 0) + n;
  const all = Object.values(byReason).reduce((a, b) => a + b, 0);
  const name = `requests.${part}` as const;
  const sorted = Object.entries(byReason).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    sampled(name, labels, total === 0 ? null : all, total),
    ...sorted.map(([reason, n]) => sampled(name, { ...labels, reason }, n, total)),
  ];
}

/** Over the phases that have both ends: of the others the time is not known. Null without any. */
function throughput(phases: readonly PhaseCounts[]): number | null {
  const whole = phases.filter((phase) => phase.began !== null && phase.ended !== null);
  const span = sum(whole, ({ began, ended }) => (ended ?? 0) - (began ?? 0));
  return span === 0 || totalOf(whole) === 0 ? null : (sum(whole, (phase) => phase.ok) * SECOND) / span;
}

function totalOf(phases: readonly PhaseCounts[]): number {
  return sum(phases, (phase) => phase.ok + tallied(phase.failed) + tallied(phase.unknown));
}

function tallied(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

function sum(phases: readonly PhaseCounts[], part: (phase: PhaseCounts) => number): number {
  return phases.reduce((total, phase) => total + part(phase), 0);
}

function decode(setup: Setup, from: Encoded): RequestsState {
  const { texts, counts } = plain<{ texts: string[]; counts: PhaseCounts[] }>(from);
  return { setup, phases: namesOf(texts), counts };
}
