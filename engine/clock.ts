// The run's clock, and the one alarm that everything in a run waits on.

import type { Micros } from '../model/units.ts';
import type { Clock } from './wire.ts';

/** Starts a clock at 0: whole microseconds, rounded down, from the monotonic clock of the process. */
export function startClock(): Clock {
  const zero = performance.now();
  return () => Math.floor((performance.now() - zero) * 1000);
}

/** One timer that can be moved. Setting it again replaces the earlier setting. */
export interface Alarm {
  /** Rings once, at least `delay` from now; timers of the system have a millisecond's grain, so it is most often up to one late. */
  set(delay: Micros, ring: () => void): void;
  cancel(): void;
}

/** The longest delay that setTimeout keeps; a later alarm rings early, which is harmless: the agenda sets it again. */
const LONGEST_MS = 2_000_000_000;

export function systemAlarm(): Alarm {
  let timer: NodeJS.Timeout | undefined;
  return {
    set(delay, ring) {
      clearTimeout(timer);
      timer = setTimeout(ring, Math.min(LONGEST_MS, Math.max(1, Math.floor(delay / 1000))));
    },
    cancel() {
      clearTimeout(timer);
    },
  };
}
