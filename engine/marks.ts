// Gives a mark its instant when several workers hand over entries at the same time.

import type { FaultEvent } from '../model/entry.ts';
import type { Micros } from '../model/units.ts';
import type { Step } from './faults.ts';
import type { Clock } from './wire.ts';

/** A worker that can be asked to let a mark pass. */
export interface Holder {
  /** Has its entries wait. Resolves to the instant of the last one it handed over; null when the worker is lost. */
  hold(): Promise<Micros | null>;
  mark(mark: FaultEvent): void;
  cut(at: Micros): void;
}

export interface Marks {
  /** Stamps the step and sends it to all. When it resolves, whatever happens from then on is later than it in every worker. */
  note(step: Step): Promise<void>;
  /** Ends the load of all workers at one instant. */
  cut(): Promise<void>;
  /** Resolves when nothing is being stamped. */
  settled(): Promise<void>;
}

/**
 * Every worker holds its entries and says how far it has come; the mark is stamped later than any of them has come, and not before now.
 * So what waited can take its place before or behind the mark, and all workers see the marks in one order at the same instants. One mark
 * is stamped at a time. A worker that is lost is waited for no more.
 */
export function createMarks(workers: readonly Holder[], clock: Clock, onMark: (mark: FaultEvent) => void): Marks {
  let turn: Promise<void> = Promise.resolve();

  function stamped(put: (at: Micros) => void): Promise<void> {
    const done = turn.then(async () => {
      const reached = await Promise.all(workers.map((worker) => worker.hold()));
      put(Math.max(clock(), ...reached.flatMap((last) => (last === null ? [] : [last + 1]))));
    });
    turn = done.catch(() => {});
    return done;
  }

  return {
    note: (step) =>
      stamped((at) => {
        const mark = { ...step, at };
        for (const worker of workers) worker.mark(mark);
        onMark(mark);
      }),
    cut: () =>
      stamped((at) => {
        for (const worker of workers) worker.cut(at);
      }),
    settled: () => turn,
  };
}
