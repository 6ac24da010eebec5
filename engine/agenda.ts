// What is to happen when: the one loop in which a run's users, phases and faults act.

import type { Micros } from '../model/units.ts';
import type { Alarm } from './clock.ts';
import { createHeap } from './heap.ts';
import type { Clock } from './wire.ts';

/** Something that waits for its time. */
export interface Sleeper {
  wake(now: Micros): void;
}

/** Wakes those who wait without being objects of their own: each is known by the number of his bed, from 0. */
interface Warden {
  wake(bed: number, now: Micros): void;
}

export interface Agenda {
  /** Wakes the sleeper as soon as the clock has reached `at`. A sleeper may be listed several times. */
  sleep(sleeper: Sleeper, at: Micros): void;
  /** Who wakes those in beds. There is one. */
  appoint(warden: Warden): void;
  /** Has the warden wake who lies in this bed as soon as the clock has reached `at`. */
  rest(bed: number, at: Micros): void;
  /** Wakes the sleeper in this round: at once, or after the one that acts now. So an answer that comes back in mid-send grows no stack. */
  ready(sleeper: Sleeper): void;
  /** Lets all act whose time has come. `now` is a time the caller has just read. */
  run(now: Micros): void;
  /** Stops the alarm and wakes nobody any more. Returns the sleepers who were waiting, without those in beds. */
  stop(): readonly Sleeper[];
}

/** A heap over (time, order of listing), and an alarm set for its top. Errors thrown by sleepers go to `failed` and stop the agenda. */
export function createAgenda(clock: Clock, alarm: Alarm, failed: (error: unknown) => void): Agenda {
  const heap = createHeap();
  const singles = createSingles();
  const turns = createTurns();
  let warden: Warden = NOBODY;
  let running = false;
  let stopped = false;
  let current: Micros = 0;
  let ringsAt = Number.POSITIVE_INFINITY;

  function ring(): void {
    ringsAt = Number.POSITIVE_INFINITY;
    run(clock());
  }

  function run(now: Micros): void {
    if (now > current) current = now;
    if (running || stopped) return;
    running = true;
    try {
      actAll();
    } catch (error) {
      stop();
      failed(error);
    }
    running = false;
    const next = heap.top();
    if (stopped || next >= ringsAt) return;
    ringsAt = next;
    // Read anew: acting may have taken a while.
    alarm.set(Math.max(0, next - clock()), ring);
  }

  function actAll(): void {
    for (;;) {
      for (let sleeper = turns.next(); sleeper !== null; sleeper = turns.next()) sleeper.wake(current);
      if (heap.top() > current) return;
      const key = heap.pop();
      if (key >= 0) warden.wake(key, current);
      else singles.take(key).wake(current);
    }
  }

  function stop(): readonly Sleeper[] {
    stopped = true;
    alarm.cancel();
    const listed = heap.rest().filter((key) => key < 0);
    return [...turns.rest(), ...listed.map(singles.take)];
  }

  function appoint(appointed: Warden): void {
    if (warden !== NOBODY) throw new Error('there is a warden already');
    warden = appointed;
  }

  return { sleep: (sleeper, at) => heap.push(singles.keep(sleeper), at), appoint, rest: heap.push, ready: turns.add, run, stop };
}

interface Turns {
  add(sleeper: Sleeper): void;
  /** Whose turn it is: the one who was added first. Null when there is none. */
  next(): Sleeper | null;
  /** Those whose turn has not come. There are none any more. */
  rest(): readonly Sleeper[];
}

/** The places are used again: a list made anew for each round would be much of the garbage of a request. */
function createTurns(): Turns {
  const waiting: Sleeper[] = [];
  let first = 0;
  let end = 0;
  return {
    add(sleeper) {
      waiting[end] = sleeper;
      end += 1;
    },
    next() {
      const sleeper = first < end ? waiting[first] : undefined;
      if (sleeper === undefined) {
        first = 0;
        end = 0;
        return null;
      }
      first += 1;
      return sleeper;
    },
    rest() {
      const rest = waiting.slice(first, end);
      first = 0;
      end = 0;
      return rest;
    },
  };
}

const NOBODY: Warden = {
  wake(bed) {
    throw new Error(`nobody lies in bed ${bed}`);
  },
};

interface Singles {
  /** Returns the key that the sleeper has until he is taken: below 0, where no bed is. */
  keep(sleeper: Sleeper): number;
  take(key: number): Sleeper;
}

/** Sleepers who are objects of their own: phases, faults, pulses and those to come. Never more than a few. */
function createSingles(): Singles {
  const sleepers: (Sleeper | null)[] = [];
  const free: number[] = [];
  return {
    keep(sleeper) {
      const place = free.pop() ?? sleepers.length;
      sleepers[place] = sleeper;
      return -1 - place;
    },
    take(key) {
      const place = -1 - key;
      const sleeper = sleepers[place] ?? null;
      if (sleeper === null) throw new Error(`nobody waits under key ${key}`);
      sleepers[place] = null;
      free.push(place);
      return sleeper;
    },
  };
}
