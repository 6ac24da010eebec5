// Distributions of times in one fixed layout, so that any two of them add up exactly.

import { build, type Histogram } from 'hdr-histogram-js';
import type { Micros } from '../model/units.ts';
import { pack, unpack } from './flat/packed.ts';

/** Longest time told apart: ten minutes. Anything longer is counted as this long. */
const LONGEST: Micros = 600_000_000;

/** Counts of times, and what a histogram of three digits cannot keep exactly. */
export interface Distribution {
  /** How many times fell into each slot of an HdrHistogram of this layout. */
  readonly counts: Uint32Array;
  n: number;
  sum: number;
  min: Micros;
  max: Micros;
}

/** A distribution as plain data: `slots` and `counts` are packed, of those slots that have any. */
export interface EncodedDistribution extends Readonly<Record<string, string | number>> {
  readonly slots: string;
  readonly counts: string;
  readonly n: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The layout is HdrHistogram's of one microsecond to ten minutes at three significant digits: 2,048 slots of 1 µs, then 1,024 for each
 * doubling (http://hdrhistogram.org, "AbstractHistogram.countsArrayIndex"). Counting needs no more than this, and in whole numbers it takes
 * a tenth of the time that the library takes with logarithms and powers; the library is asked for the quantiles.
 */
const HALF_BITS = 10;
const HALF = 1 << HALF_BITS;
const SLOTS = slotOf(LONGEST) + 1;

/** Nothing counted yet. About 86 KB. */
export function emptyDistribution(): Distribution {
  return { counts: new Uint32Array(SLOTS), n: 0, sum: 0, min: LONGEST, max: 0 };
}

/** Counts one time. A negative time, which a clock that never goes back cannot give, stops the run. */
export function count(distribution: Distribution, time: Micros): void {
  if (time < 0) throw new Error(`negative time: ${time} µs`);
  const told = time > LONGEST ? LONGEST : time;
  const slot = slotOf(told);
  distribution.counts[slot] = (distribution.counts[slot] as number) + 1;
  distribution.n += 1;
  distribution.sum += told;
  if (told < distribution.min) distribution.min = told;
  if (told > distribution.max) distribution.max = told;
}

/** How often a time has been halved to lie below 2,048, and what is then left of it. */
function slotOf(time: Micros): number {
  const halved = 32 - HALF_BITS - 1 - Math.clz32(time | (2 * HALF - 1));
  return halved * HALF + (time >>> halved);
}

/** The least time of a slot. */
function timeOf(slot: number): Micros {
  const halved = Math.max(0, (slot >>> HALF_BITS) - 1);
  return (slot - halved * HALF) * 2 ** halved;
}

export function addDistribution(into: Distribution, from: Distribution): void {
  for (const slot of slotsIn(from)) into.counts[slot] = (into.counts[slot] as number) + (from.counts[slot] as number);
  into.n += from.n;
  into.sum += from.sum;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
}

/** The slots that have any. */
function* slotsIn({ counts, min, max }: Distribution): Generator<number> {
  const last = slotOf(max);
  for (let slot = slotOf(min); slot <= last; slot += 1) if (counts[slot] !== 0) yield slot;
}

/** Times at quantiles between 0 and 1, to three digits and never above the greatest; null when nothing was counted. */
export function quantilesOf(distribution: Distribution, quantiles: readonly number[]): readonly (Micros | null)[] {
  const { n, max } = distribution;
  if (n === 0) return quantiles.map(() => null);
  const histogram = histogramOf(distribution);
  return quantiles.map((quantile) => Math.min(max, histogram.getValueAtPercentile(quantile * 100)));
}

function histogramOf(distribution: Distribution): Histogram {
  const histogram = build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  for (const slot of slotsIn(distribution)) histogram.recordValueWithCount(timeOf(slot), distribution.counts[slot] as number);
  return histogram;
}

export function encodeDistribution(distribution: Distribution): EncodedDistribution {
  const { counts, n, sum, min, max } = distribution;
  const slots = [...slotsIn(distribution)];
  return { slots: pack(slots), counts: pack(slots.map((slot) => counts[slot] as number)), n, sum, min, max };
}

export function decodeDistribution({ slots, counts, ...rest }: EncodedDistribution): Distribution {
  const distribution = { ...emptyDistribution(), ...rest };
  const numbers = unpack(counts);
  unpack(slots).forEach((slot, place) => {
    distribution.counts[slot] = numbers[place] as number;
  });
  return distribution;
}
