// The run's clock, and the one alarm that everything in a run waits on.

import { performance } from 'node:perf_hooks';
import type { Micros } from '../model/units.ts';
import type { Clock } from './wire.ts';

/** Starts a clock at 0: whole microseconds, rounded down, from the monotonic clock of the process. */
export function startClock(): Clock {
  const zero = performance.now();
  return () => Math.floor((performance.now() - zero) * 1000);
}

/** One timer that can be moved. Setting it again replaces the earlier setting. */
export interface Alarm {
  /** Rings once, at least `delay` from now. */
  set(delay: Micros, ring: () => void): void;
  cancel(): void;
}

export interface SystemAlarm extends Alarm {
  /** Milliseconds spent waiting wide awake since the alarm was made: the event loop takes them for work. */
  spun(): number;
}

/** The longest delay that setTimeout keeps; a later alarm rings early, which is harmless: the agenda sets it again. */
const LONGEST_MS = 2_000_000_000;

/** A timer that is set for this much less rings in time: those of Node are up to 1.2 ms late, and more where the machine is busy. */
const TIMER_LATE_MS = 2;

/**
 * An alarm of the system. Timers have a millisecond's grain, so it is most often up to one late. A precise one is late by microseconds: it stays
 * awake from two milliseconds before the time on, which takes a core, most of it for nothing, whenever the waits are as short as that.
 */
export function systemAlarm({ precise }: { readonly precise: boolean }): SystemAlarm {
  return precise ? wakefulAlarm() : timerAlarm();
}

function timerAlarm(): SystemAlarm {
  let timer: NodeJS.Timeout | undefined;
  return {
    set(delay, ring) {
      clearTimeout(timer);
      timer = setTimeout(ring, Math.min(LONGEST_MS, Math.max(1, Math.floor(delay / 1000))));
    },
    cancel() {
      clearTimeout(timer);
    },
    spun: () => 0,
  };
}

/** Looks at the clock in each round of the event loop; what sockets have to say comes in between, as always. */
function wakefulAlarm(): SystemAlarm {
  let timer: NodeJS.Timeout | undefined;
  let next: NodeJS.Immediate | undefined;
  let rings = Number.POSITIVE_INFINITY;
  let act: () => void = () => {};
  const vigil = createVigil();

  function look(): void {
    const left = rings - performance.now();
    if (left > TIMER_LATE_MS + 1) {
      vigil.end();
      timer = setTimeout(look, Math.min(LONGEST_MS, Math.floor(left - TIMER_LATE_MS)));
    } else if (left > 0) {
      vigil.goOn();
      next = setImmediate(look);
    } else {
      vigil.end();
      act();
    }
  }

  function cancel(): void {
    clearTimeout(timer);
    clearImmediate(next);
    vigil.end();
  }

  return {
    set(delay, ring) {
      cancel();
      rings = performance.now() + delay / 1000;
      act = ring;
      next = setImmediate(look);
    },
    cancel,
    spun: vigil.spun,
  };
}

interface Vigil {
  /** Time is over a little later. */
  goOn(): void;
  end(): void;
  spun(): number;
}

/** Counts the rounds of the event loop in which nothing was done but to look at the clock. */
function createVigil(): Vigil {
  let since: number | null = null;
  let events = 0;
  let spun = 0;
  return {
    goOn() {
      const now = performance.now();
      const seen = performance.nodeTiming.uvMetricsInfo.events;
      if (since !== null && seen === events) spun += now - since;
      since = now;
      events = seen;
    },
    end() {
      since = null;
    },
    spun: () => spun,
  };
}
