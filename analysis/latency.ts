// The analyzer of latency: two clocks, felt and served, by phase and backend.

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import { type Entry, type Exchange, felt, served } from '../model/entry.ts';
import type { Finding, Measure, Sight } from '../model/measure.ts';
import type { Setup } from '../model/setup.ts';
import {
  addDistribution,
  count,
  type Distribution,
  decodeDistribution,
  type EncodedDistribution,
  emptyDistribution,
  encodeDistribution,
  quantileOf,
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
  readonly pairs: Map<string, Map<string, Pair>>;
}

/**
 * Answered and lost exchanges count; a lost one with the time until it was given up, so that a stall cannot hide behind its own timeouts.
 * Refused ones do not: nothing was served.
 */
export const latency: Analyzer<LatencyState> = {
  name: 'latency',
  init: (setup) => ({ setup, pairs: new Map() }),
  step,
  merge,
  finish,
  encode: ({ pairs }) => [...pairs].map(([phase, backends]) => [phase, [...backends].map(encodePair)]),
  decode,
};

function step(state: LatencyState, entry: Entry): void {
  if (entry.kind !== 'exchange' || entry.outcome.kind === 'refused') return;
  const pair = pairOf(state, entry.phase, backendOf(entry));
  count(pair.felt, felt(entry));
  count(pair.served, served(entry));
}

function backendOf({ outcome }: Exchange): string {
  return outcome.kind === 'answered' ? (outcome.backend ?? '') : '';
}

function pairOf(state: LatencyState, phase: string, backend: string): Pair {
  const backends = state.pairs.get(phase) ?? new Map<string, Pair>();
  if (backends.size === 0) state.pairs.set(phase, backends);
  const known = backends.get(backend);
  if (known !== undefined) return known;
  const fresh = { felt: emptyDistribution(), served: emptyDistribution() };
  backends.set(backend, fresh);
  return fresh;
}

function merge(into: LatencyState, from: LatencyState): void {
  for (const [phase, backends] of from.pairs) {
    for (const [backend, pair] of backends) {
      const mine = pairOf(into, phase, backend);
      addDistribution(mine.felt, pair.felt);
      addDistribution(mine.served, pair.served);
    }
  }
}

function finish(state: LatencyState): Finding {
  const phases = [...state.pairs.keys()].sort();
  const warm = new Set(state.setup.phases.filter((phase) => phase.warmup).map((phase) => phase.name));
  const main = phases.filter((phase) => !warm.has(phase));
  const backends = [...new Set(main.flatMap((phase) => [...(state.pairs.get(phase)?.keys() ?? [])]))].filter((name) => name !== '').sort();
  const measures = [
    ...describe(state, main, null, {}),
    ...phases.flatMap((phase) => describe(state, [phase], null, { phase })),
    ...backends.flatMap((backend) => describe(state, main, backend, { backend })),
    ...main.flatMap((phase) => backends.flatMap((backend) => describe(state, [phase], backend, { phase, backend }))),
  ];
  return { measures, evidence: [], doubts: [] };
}

function describe(state: LatencyState, phases: readonly string[], backend: string | null, labels: Labels): readonly Measure[] {
  return (['felt', 'served'] as const).flatMap((clock) => {
    const sum = emptyDistribution();
    for (const phase of phases) {
      for (const [name, pair] of state.pairs.get(phase) ?? []) if (backend === null || name === backend) addDistribution(sum, pair[clock]);
    }
    return distribution(`latency.${clock}`, labels, sum, state.setup.quantiles, backend === null ? 'L0' : 'L1');
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
  return [
    ...quantiles.map((at) => sampled(name, { ...labels, quantile: String(at) }, quantileOf(times, at), n, sight)),
    sampled(name, { ...labels, stat: 'min' }, of(min), n, sight),
    sampled(name, { ...labels, stat: 'mean' }, of(sum / n), n, sight),
    sampled(name, { ...labels, stat: 'max' }, of(max), n, sight),
  ];
}

function encodePair([backend, pair]: [string, Pair]): Encoded {
  return [backend, encodeDistribution(pair.felt), encodeDistribution(pair.served)];
}

function decode(setup: Setup, encoded: Encoded): LatencyState {
  const pairs: LatencyState['pairs'] = new Map();
  for (const [phase, backends] of encoded as unknown as [string, EncodedPair[]][]) {
    const decoded = backends.map(([backend, felt, served]): [string, Pair] => [
      backend,
      { felt: decodeDistribution(felt), served: decodeDistribution(served) },
    ]);
    pairs.set(phase, new Map(decoded));
  }
  return { setup, pairs };
}

type EncodedPair = [backend: string, felt: EncodedDistribution, served: EncodedDistribution];
