// The generator's heartbeat: how busy it is, so that a report can say when not to believe it.

import { performance } from 'node:perf_hooks';
import type { Pulse } from '../model/entry.ts';
import type { Shard } from '../model/shard.ts';
import { type Micros, SECOND } from '../model/units.ts';
import type { Agenda } from './agenda.ts';
import type { Journal } from './journal.ts';
import type { Counts } from './users/crew.ts';

/** Busy share of the event loop since it was last asked, 0 to 1. */
export type Load = () => number;

/** `spun`: milliseconds since the process began that were spent waiting awake, which the event loop takes for work. */
export function eventLoopLoad(spun: () => number): Load {
  let last = performance.eventLoopUtilization();
  let waited = spun();
  return () => {
    const now = performance.eventLoopUtilization();
    const { idle, active } = performance.eventLoopUtilization(now, last);
    const awake = spun() - waited;
    last = now;
    waited += awake;
    return idle + active === 0 ? 0 : Math.max(0, active - awake) / (idle + active);
  };
}

interface Pulsing {
  readonly agenda: Agenda;
  readonly journal: Journal;
  readonly counts: Counts;
}

/** Which worker's heart it is, and how busy that worker is. */
interface Heart {
  readonly shard: Shard;
  readonly load: Load;
}

/** Notes a pulse each second before `end`. */
export function schedulePulses({ agenda, journal, counts }: Pulsing, heart: Heart, end: Micros): void {
  let next: Micros = SECOND;
  const sleeper = {
    wake(now: Micros) {
      journal.note(pulseOf(journal.instant(now), counts, heart));
      next = Math.max(next + SECOND, now);
      if (next < end) agenda.sleep(sleeper, next);
    },
  };
  if (next < end) agenda.sleep(sleeper, next);
}

export function pulseOf(at: Micros, { users, inFlight, unstarted }: Counts, { shard, load }: Heart): Pulse {
  return { kind: 'pulse', worker: shard.index, at, users, inFlight, unstarted, utilisation: load() };
}
