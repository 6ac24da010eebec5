// The clock that all threads and processes of this machine share.

import type { Micros } from '../model/units.ts';
import type { Clock } from './wire.ts';

/** Whole microseconds on CLOCK_MONOTONIC, which process.hrtime reads: the same in every thread and process, with an origin of its own. */
export function machineTime(): Micros {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** How often the two clocks are compared: the closest reading counts, because a thread may be put aside between them. */
const READINGS = 9;

/** A clock that is 0 when the machine's is `zero`, and negative before. Read from performance.now, which costs no allocation. */
export function clockFrom(zero: Micros): Clock {
  const began = originOf() + zero / 1_000;
  return () => Math.floor((performance.now() - began) * 1_000);
}

/** What performance.now shows when the machine's clock is 0, in milliseconds. */
function originOf(): number {
  let closest = { gap: Number.POSITIVE_INFINITY, origin: 0 };
  for (let reading = 0; reading < READINGS; reading += 1) {
    const before = process.hrtime.bigint();
    const shown = performance.now();
    const after = process.hrtime.bigint();
    const gap = Number(after - before);
    if (gap < closest.gap) closest = { gap, origin: shown - Number(before + after) / 2_000_000 };
  }
  return closest.origin;
}
