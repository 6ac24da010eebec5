// Latency histograms of one fixed layout, so that any two of them add up exactly.

import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { Micros } from '../model/units.ts';

export type { Histogram };

/** Longest time told apart: ten minutes. Anything longer is counted as this long. */
export const LONGEST: Micros = 600_000_000;

/** One microsecond to ten minutes at three significant digits, counts of 32 bits. Each takes about 90 KB. */
export function emptyHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
}

/** Counts one time. Negative times, which a clock that never goes back cannot give, stop the run. */
export function count(histogram: Histogram, time: Micros): void {
  if (time < 0) throw new Error(`negative time: ${time} µs`);
  histogram.recordValue(time > LONGEST ? LONGEST : time);
}

/** Value at a quantile between 0 and 1; null when nothing was counted. */
export function quantile(histogram: Histogram, at: number): Micros | null {
  return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(at * 100);
}

/** Base64 text of the compressed histogram (HdrHistogram V2). */
export function encodeHistogram(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/** A histogram of the fixed layout again. */
export function decodeHistogram(text: string): Histogram {
  const histogram = emptyHistogram();
  histogram.add(decodeFromCompressedBase64(text, 32, false));
  return histogram;
}
