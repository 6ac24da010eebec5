// The arithmetic of the benchmark: medians, paired ratios, quantiles and slopes.

/** Middle value; the mean of the two middle ones when their number is even. Throws on no values: no data has no median. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new Error('no values');
  return (lower + upper) / 2;
}

/** The smallest value that at least `share` of all values do not exceed (nearest rank). Throws on no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error('no values');
  return found;
}

/** One measured value and the round it was measured in. */
export interface Measured {
  readonly round: number;
  readonly value: number;
}

/** Each value divided by the yardstick's of the same round, so that what slows a whole round down cancels out. Rounds that only one of them has are left out. */
export function pairedRatios(own: readonly Measured[], yardstick: readonly Measured[]): readonly number[] {
  const its = new Map(yardstick.map(({ round, value }) => [round, value]));
  return own.flatMap(({ round, value }) => {
    const other = its.get(round);
    return other === undefined ? [] : [value / other];
  });
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Null when there are no values. */
export function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return { median: median(values), low: Math.min(...values), high: Math.max(...values), n: values.length };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Slope of the straight line with the least squared distance in y: what y gains while x gains one. Null when the points do not have two different x. */
export function slope(points: readonly Point[]): number | null {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spreadX = sum(points.map(({ x }) => (x - meanX) ** 2));
  if (!(spreadX > 0)) return null;
  return sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spreadX;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
