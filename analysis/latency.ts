// The analyzer of latency: two clocks, felt and served, by phase and backend.

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import { type Entry, felt, type Outcome, served } from '../model/entry.ts';
import type { Finding, Measure, Sight } from '../model/measure.ts';
import type { Setup } from '../model/setup.ts';
import { codeOf, type Names, namesOf } from './flat/names.ts';
import {
  addDistribution,
  count,
  type Distribution,
  decodeDistribution,
  type EncodedDistribution,
  emptyDistribution,
  encodeDistribution,
  quantilesOf,
} from './histogram.ts';
import { type Labels, sampled } from './measures.ts';

/** Both clocks of one phase and backend. */
interface Pair {
  readonly felt: Distribution;
  readonly served: Distribution;
}

/** Pairs by phase, then by backend; the backend of a lost exchange, or of an answer that does not name one, is the empty name. */
export interface LatencyState {
  readonly setup: Setup;
  readonly phases: Names;
  readonly backends: Names;
  /** By the numbers of phase and backend. */
  readonly pairs: (Pair | undefined)[][];
}

/**
 * Answered and lost exchanges count; a lost one with the time until it was given up, so that a stall cannot hide behind its own timeouts.
 * Refused ones do not: nothing was served.
 */
export const latency: Analyzer<LatencyState> = {
  name: 'latency',
  init: (setup) => ({ setup, phases: namesOf([]), backends: namesOf([]), pairs: [] }),
  step,
  merge,
  finish,
  encode: (state) => listed(state).map(({ phase, backend, pair }) => encodePair(phase, backend, pair)),
  decode,
};

function step(state: LatencyState, entry: Entry): void {
  if (entry.kind !== 'exchange' || entry.outcome.kind === 'refused') return;
  const pair = pairOf(state, entry.phase, backendOf(entry.outcome));
  count(pair.felt, felt(entry));
  count(pair.served, served(entry));
}

function backendOf(outcome: Outcome): string {
  return outcome.kind === 'answered' ? (outcome.backend ?? '') : '';
}

function pairOf({ phases, backends, pairs }: LatencyState, phase: string, backend: string): Pair {
  const place = codeOf(phases, phase);
  const ofPhase = pairs[place] ?? [];
  if (place === pairs.length) pairs.push(ofPhase);
  const code = codeOf(backends, backend);
  while (ofPhase.length <= code) ofPhase.push(undefined);
  const known = ofPhase[code];
  if (known !== undefined) return known;
  const fresh = { felt: emptyDistribution(), served: emptyDistribution() };
  ofPhase[code] = fresh;
  return fresh;
}

/** Every pair with its names. */
function listed({ phases, backends, pairs }: LatencyState): readonly { phase: string; backend: string; pair: Pair }[] {
  const names = (place: number, code: number) => ({ phase: phases.texts[place] ?? '', backend: backends.texts[code] ?? '' });
  return pairs.flatMap((ofPhase, place) => ofPhase.flatMap((pair, code) => (pair === undefined ? [] : [{ ...names(place, code), pair }])));
}

function merge(into: LatencyState, from: LatencyState): void {
  for (const { phase, backend, pair } of listed(from)) {
    const mine = pairOf(into, phase, backend);
    addDistribution(mine.felt, pair.felt);
    addDistribution(mine.served, pair.served);
  }
}

function finish(state: LatencyState): Finding {
  const phases = [...state.phases.texts].sort();
  const warm = new Set(state.setup.phases.filter((phase) => phase.warmup).map((phase) => phase.name));
  const main = phases.filter((phase) => !warm.has(phase));
  const named = listed(state).filter(({ phase, backend }) => backend !== '' && !warm.has(phase));
  const backends = [...new Set(named.map(({ backend }) => backend))].sort();
  const measures = [
    ...describe(state, main, null, {}),
    ...phases.flatMap((phase) => describe(state, [phase], null, { phase })),
    ...backends.flatMap((backend) => describe(state, main, backend, { backend })),
    ...main.flatMap((phase) => backends.flatMap((backend) => describe(state, [phase], backend, { phase, backend }))),
  ];
  return { measures, evidence: [], doubts: [] };
}

function describe(state: LatencyState, phases: readonly string[], wanted: string | null, labels: Labels): readonly Measure[] {
  const pairs = listed(state).filter(({ phase, backend }) => phases.includes(phase) && (wanted === null || backend === wanted));
  return (['felt', 'served'] as const).flatMap((clock) => {
    const sum = emptyDistribution();
    for (const { pair } of pairs) addDistribution(sum, pair[clock]);
    return distribution(`latency.${clock}`, labels, sum, state.setup.quantiles, wanted === null ? 'L0' : 'L1');
  });
}

/** A distribution as measures: one per quantile, and the least, mean and greatest. Null each when nothing was counted. */
export function distribution(
  name: 'latency.felt' | 'latency.served' | 'generator.lag',
  labels: Labels,
  times: Distribution,
  quantiles: readonly number[],
  sight: Sight,
): readonly Measure[] {
  const { n, min, max, sum } = times;
  const of = (value: number): number | null => (n === 0 ? null : value);
  const values = quantilesOf(times, quantiles);
  return [
    ...quantiles.map((at, place) => sampled(name, { ...labels, quantile: String(at) }, values[place] ?? null, n, sight)),
    sampled(name, { ...labels, stat: 'min' }, of(min), n, sight),
    sampled(name, { ...labels, stat: 'mean' }, of(sum / n), n, sight),
    sampled(name, { ...labels, stat: 'max' }, of(max), n, sight),
  ];
}

type EncodedPair = readonly [phase: string, backend: string, felt: EncodedDistribution, served: EncodedDistribution];

function encodePair(phase: string, backend: string, pair: Pair): EncodedPair {
  return [phase, backend, encodeDistribution(pair.felt), encodeDistribution(pair.served)];
}

function decode(setup: Setup, encoded: Encoded): LatencyState {
  const state: LatencyState = { setup, phases: namesOf([]), backends: namesOf([]), pairs: [] };
  for (const [phase, backend, felt, served] of encoded as unknown as readonly EncodedPair[]) {
    const pair = pairOf(state, phase, backend);
    addDistribution(pair.felt, decodeDistribution(felt));
    addDistribution(pair.served, decodeDistribution(served));
  }
  return state;
}
