// What is to happen when: the one loop in which a run's users, phases and faults act.

import type { Micros } from '../model/units.ts';
import type { Alarm } from './clock.ts';
import type { Clock } from './wire.ts';

/** Something that waits for its time. */
export interface Sleeper {
  wake(now: Micros): void;
}

export interface Agenda {
  /** Wakes the sleeper as soon as the clock has reached `at`. A sleeper may be listed several times. */
  sleep(sleeper: Sleeper, at: Micros): void;
  /** Wakes the sleeper in this round: at once, or after the one that acts now. So an answer that comes back in mid-send grows no stack. */
  ready(sleeper: Sleeper): void;
  /** Lets all act whose time has come. `now` is a time the caller has just read. */
  run(now: Micros): void;
  /** Stops the alarm and wakes nobody any more. Returns those who were waiting. */
  stop(): readonly Sleeper[];
}

/** A binary heap over (time, order of listing), and an alarm set for its top. Errors thrown by sleepers go to `failed` and stop the agenda. */
export function createAgenda(clock: Clock, alarm: Alarm, failed: (error: unknown) => void): Agenda {
  const heap = createHeap();
  let ready: Sleeper[] = [];
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
      while (ready.length > 0) {
        const batch = ready;
        ready = [];
        for (const sleeper of batch) sleeper.wake(current);
      }
      if (heap.top() > current) return;
      heap.pop().wake(current);
    }
  }

  function stop(): readonly Sleeper[] {
    stopped = true;
    alarm.cancel();
    const waiting = [...ready, ...heap.rest()];
    ready = [];
    return waiting;
  }

  return { sleep: heap.push, ready: (sleeper) => ready.push(sleeper), run, stop };
}

interface Heap {
  push(sleeper: Sleeper, at: Micros): void;
  /** The earliest time, infinite when the heap is empty. */
  top(): Micros;
  pop(): Sleeper;
  /** Empties the heap. */
  rest(): readonly Sleeper[];
}

interface Listed {
  readonly at: Micros;
  readonly order: number;
  readonly sleeper: Sleeper;
}

function createHeap(): Heap {
  const listed: Listed[] = [];
  let order = 0;

  function before(one: Listed, other: Listed): boolean {
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  function push(sleeper: Sleeper, at: Micros): void {
    const entry = { at, order, sleeper };
    order += 1;
    let place = listed.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = listed[parent];
      if (above === undefined || before(above, entry)) break;
      listed[place] = above;
      place = parent;
    }
    listed[place] = entry;
  }

  function pop(): Sleeper {
    const first = listed[0];
    const last = listed.pop();
    if (first === undefined || last === undefined) throw new Error('the agenda is empty');
    if (listed.length > 0) sink(last);
    return first.sleeper;
  }

  function sink(entry: Listed): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      let below = listed[child];
      if (below === undefined) break;
      const right = listed[child + 1];
      if (right !== undefined && before(right, below)) {
        child += 1;
        below = right;
      }
      if (before(entry, below)) break;
      listed[place] = below;
      place = child;
    }
    listed[place] = entry;
  }

  return { push, pop, top: () => listed[0]?.at ?? Number.POSITIVE_INFINITY, rest: () => listed.splice(0).map(({ sleeper }) => sleeper) };
}
