// What a worker can say of its run at a glance: numbers that add up over workers.

import type { Fold } from '../analysis/all.ts';
import { findMeasure } from '../analysis/measures.ts';
import { requests } from '../analysis/requests.ts';
import { sessions } from '../analysis/sessions/sessions.ts';
import type { MeasureName } from '../model/catalogue.ts';
import { type Entry, felt } from '../model/entry.ts';
import type { Measure } from '../model/measure.ts';
import type { Micros } from '../model/units.ts';

export interface Tally {
  /** Exchanges since the last tally. */
  readonly requests: number;
  /** Felt latencies since the last tally, of all that were not refused: how many fell into each bucket. */
  readonly felt: Uint32Array;
  /** Exchanges that each backend answered since the last tally; a backend once seen stays. */
  readonly backends: ReadonlyMap<string, number>;
  /** Failed and unknown, since run start. */
  readonly errors: number;
  /** What affinity.correctness is made of: requests that stayed, of those that could; null where it is not observable, or not yet. */
  readonly affinity: { readonly stayed: number; readonly of: number } | null;
  /** Losses since run start, by cause. */
  readonly losses: ReadonlyMap<string, number>;
}

export interface Tallies {
  /** Costs an addition or two. */
  note(entry: Entry): void;
  /** The tally now; the next one begins anew. */
  take(): Tally;
}

/** Sixteen buckets each time latency doubles: a display is right within 2.2 %. Forty doublings are twelve days. */
const EACH_DOUBLING = 16;
const BUCKETS = 40 * EACH_DOUBLING;

export function createTallies(judged: Fold): Tallies {
  let requestCount = 0;
  let buckets = new Uint32Array(BUCKETS);
  let backends = new Map<string, number>();
  return {
    note(entry) {
      if (entry.kind !== 'exchange') return;
      requestCount += 1;
      if (entry.outcome.kind === 'refused') return;
      const bucket = bucketOf(felt(entry));
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      const backend = entry.outcome.kind === 'answered' ? entry.outcome.backend : null;
      if (backend !== null) backends.set(backend, (backends.get(backend) ?? 0) + 1);
    },
    take() {
      const moment = { requests: requestCount, felt: buckets, backends };
      requestCount = 0;
      buckets = new Uint32Array(BUCKETS);
      backends = new Map([...backends.keys()].map((name) => [name, 0]));
      return { ...moment, ...sinceStart(judged) };
    },
  };
}

/** The tally of all whose tallies these are. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const buckets = new Uint32Array(BUCKETS);
  for (const tally of tallies) {
    tally.felt.forEach((count, bucket) => {
      buckets[bucket] = (buckets[bucket] ?? 0) + count;
    });
  }
  const affinities = tallies.flatMap(({ affinity }) => affinity ?? []);
  return {
    requests: total(tallies.map((tally) => tally.requests)),
    felt: buckets,
    backends: sumByName(tallies.map((tally) => tally.backends)),
    errors: total(tallies.map((tally) => tally.errors)),
    affinity:
      affinities.length === 0 ? null : { stayed: total(affinities.map(({ stayed }) => stayed)), of: total(affinities.map(({ of }) => of)) },
    losses: sumByName(tallies.map((tally) => tally.losses)),
  };
}

/** A quantile of what is in the buckets, as the middle of its bucket; null when they are empty. */
export function quantileOf(buckets: Uint32Array, quantile: number): Micros | null {
  const count = total([...buckets]);
  if (count === 0) return null;
  let rest = Math.min(count - 1, Math.floor(quantile * count));
  for (const [bucket, inIt] of buckets.entries()) {
    if (rest < inIt) return middleOf(bucket);
    rest -= inIt;
  }
  throw new Error('the buckets hold less than they sum up to');
}

function bucketOf(value: Micros): number {
  return Math.min(BUCKETS - 1, Math.floor(Math.log2(Math.max(0, value) + 1) * EACH_DOUBLING));
}

function middleOf(bucket: number): Micros {
  return Math.round(2 ** ((bucket + 0.5) / EACH_DOUBLING) - 1);
}

function sinceStart(judged: Fold): Pick<Tally, 'errors' | 'affinity' | 'losses'> {
  const { measures } = judged.finish([requests.name, sessions.name]);
  const value = (name: MeasureName): number => findMeasure(measures, name, {})?.value ?? 0;
  return { errors: value('requests.failed') + value('requests.unknown'), affinity: affinityOf(measures), losses: lossesOf(measures) };
}

function affinityOf(measures: readonly Measure[]): Tally['affinity'] {
  const { value = null, n = null } = findMeasure(measures, 'affinity.correctness', {}) ?? {};
  return value === null || n === null ? null : { stayed: Math.round(value * n), of: n };
}

function lossesOf(measures: readonly Measure[]): ReadonlyMap<string, number> {
  const causes = measures.filter(({ name }) => name === 'session.lost');
  return new Map(causes.flatMap(({ labels: { cause }, value }) => (cause === undefined ? [] : [[cause, value ?? 0] as const])));
}

function sumByName(maps: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const map of maps) for (const [name, count] of map) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
