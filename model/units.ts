// Units of measure. Every time in stickybench is a whole number of microseconds; only people see other units.

/** Microseconds since run start, or a length of time in microseconds. A whole number, at most 2^53. */
export type Micros = number;

/** Microseconds in one millisecond. */
export const MILLISECOND: Micros = 1_000;

/** Microseconds in one second. */
export const SECOND: Micros = 1_000_000;

/** Seconds, fractions included, in whole microseconds. */
export function seconds(value: number): Micros {
  return Math.round(value * SECOND);
}
