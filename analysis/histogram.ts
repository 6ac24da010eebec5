// Distributions of times in one fixed layout, so that any two of them add up exactly.

import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { Micros } from '../model/units.ts';

/** Longest time told apart: ten minutes. Anything longer is counted as this long. */
const LONGEST: Micros = 600_000_000;

/** Counts of times, and what a histogram of three digits cannot keep exactly. */
export interface Distribution {
  readonly histogram: Histogram;
  n: number;
  sum: number;
  min: Micros;
  max: Micros;
}

/** A distribution as plain data: `histogram` is the base64 text of the compressed HdrHistogram (V2). */
export interface EncodedDistribution extends Readonly<Record<string, string | number>> {
  readonly histogram: string;
  readonly n: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Nothing counted yet. One microsecond to ten minutes at three significant digits; about 90 KB. */
export function emptyDistribution(): Distribution {
  return { histogram: emptyHistogram(), n: 0, sum: 0, min: LONGEST, max: 0 };
}

/** 32-bit counts without resizing: 23 ns a value, where the packed kind takes 377. */
function emptyHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
}

/** Counts one time. A negative time, which a clock that never goes back cannot give, stops the run. */
export function count(distribution: Distribution, time: Micros): void {
  if (time < 0) throw new Error(`negative time: ${time} µs`);
  const told = time > LONGEST ? LONGEST : time;
  distribution.histogram.recordValue(told);
  distribution.n += 1;
  distribution.sum += told;
  if (told < distribution.min) distribution.min = told;
  if (told > distribution.max) distribution.max = told;
}

export function addDistribution(into: Distribution, from: Distribution): void {
  into.histogram.add(from.histogram);
  into.n += from.n;
  into.sum += from.sum;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
}

/** Time at a quantile between 0 and 1, to three digits and never above the greatest; null when nothing was counted. */
export function quantileOf({ histogram, n, max }: Distribution, quantile: number): Micros | null {
  return n === 0 ? null : Math.min(max, histogram.getValueAtPercentile(quantile * 100));
}

export function encodeDistribution({ histogram, n, sum, min, max }: Distribution): EncodedDistribution {
  return { histogram: encodeIntoCompressedBase64(histogram), n, sum, min, max };
}

export function decodeDistribution({ histogram, n, sum, min, max }: EncodedDistribution): Distribution {
  const layout = emptyHistogram();
  layout.add(decodeFromCompressedBase64(histogram, 32, false));
  return { histogram: layout, n, sum, min, max };
}
