// How a run ends: it begins to end once, for one reason, and then waits for the requests in flight.

import type { RunEnd } from '../model/report.ts';
import type { Micros } from '../model/units.ts';
import { signal } from './signal.ts';

export interface Ending {
  /**
   * The run begins to end: no request starts that is due at `until` or later. Only the first call counts, but an interruption counts at any
   * time.
   */
  begin(how: RunEnd, until: Micros): void;
  /** Whether the run has not begun to end. */
  running(): boolean;
  /** Nothing is in flight now. */
  empty(): void;
  /** Something impossible happened: whoever waits is told, now or later. Only the first call counts. */
  fail(error: unknown): void;
  /** Resolves when the run begins to end, to its `until`; rejects when something failed. */
  begun(): Promise<Micros>;
  /** Resolves when the run is interrupted. */
  interrupted(): Promise<void>;
  /** Resolves when nothing is in flight, the next time that is said; rejects when something failed. */
  emptied(): Promise<void>;
  /** Resolves as the promise does; rejects when something failed. */
  unlessFailed<T>(promise: Promise<T>): Promise<T>;
  /** How the run has ended so far. Throws when something failed. */
  result(): RunEnd;
}

export function createEnding(): Ending {
  let how: RunEnd = 'finished';
  let running = true;
  let failures: readonly unknown[] = [];
  let emptied: () => void = () => {};
  const begun = signal<Micros>();
  const interrupted = signal<void>();
  const failed = signal<never>();
  const unlessFailed = <T>(promise: Promise<T>): Promise<T> => Promise.race([failed.promise, promise]);
  return {
    unlessFailed,
    begin(end, until) {
      if (end === 'interrupted') {
        how = end;
        interrupted.resolve();
      }
      running = false;
      begun.resolve(until);
    },
    running: () => running,
    empty: () => emptied(),
    fail(error) {
      failures = [...failures, error];
      failed.reject(error);
    },
    begun: () => unlessFailed(begun.promise),
    interrupted: () => interrupted.promise,
    emptied() {
      const empty = signal<void>();
      emptied = empty.resolve;
      return unlessFailed(empty.promise);
    },
    result() {
      for (const error of failures) throw error;
      return how;
    },
  };
}
