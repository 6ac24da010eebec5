// Open model: when sessions arrive. The n-th arrival is user n.

import { type Micros, SECOND } from '../../model/units.ts';
import type { OpenLoad } from '../../model/workload.ts';
import { exponential, NOBODY, random } from './random.ts';
import type { Slot } from './timetable.ts';

/**
 * Arrival times in order. Both kinds are laid out on the integrated rate L(t), the number of arrivals expected up to t, and carried back to
 * the clock by its inverse. Even: where L reaches a whole number, carried over from phase to phase, so that n(t) = ceil(L(t)) exactly.
 * Poisson: the points of a process of rate 1 on L, which makes the rate in time follow the ramp.
 */
export function* arrivals(slots: readonly Slot[], seed: number): Generator<Micros, void, undefined> {
  const stream = random(seed, NOBODY, 'arrivals');
  let before = 0;
  for (const { phase, begin, end } of slots) {
    if (phase.model !== 'open') continue;
    const duration = end - begin;
    const expected = expectedArrivals(phase, duration);
    const even = phase.arrivals === 'even';
    let point = even ? Math.ceil(before) - before : exponential(stream, 1);
    while (point < expected) {
      yield Math.min(end - 1, begin + Math.round(timeOf(point, phase, duration)));
      point += even ? 1 : exponential(stream, 1);
    }
    before += expected;
  }
}

/** Integral of the rate over a phase: (from + to) / 2 x seconds. */
function expectedArrivals({ from, to }: OpenLoad, duration: Micros): number {
  return ((from + to) * duration) / (2 * SECOND);
}

/** Inverse of L(t) = from t + (to - from) t^2 / (2 duration), in the form that loses no digits when the ramp is slight. */
function timeOf(point: number, { from, to }: OpenLoad, duration: Micros): Micros {
  if (point === 0) return 0;
  const rate = from / SECOND;
  const slope = (to - from) / SECOND / duration;
  return (2 * point) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * point)));
}
