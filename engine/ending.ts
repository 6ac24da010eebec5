// How a run ends: it begins to end once, for one reason, and then waits for the requests in flight.

import type { RunEnd } from '../model/report.ts';

export interface Ending {
  /** The run begins to end. Only the first call counts. */
  begin(how: RunEnd): void;
  /** Nothing is in flight now. */
  empty(): void;
  /** Something impossible happened: whoever waits is told, now or later. */
  fail(error: unknown): void;
  /** Resolves when the run begins to end; rejects when something failed. */
  begun(): Promise<RunEnd>;
  /** Resolves when nothing is in flight, the next time that is said; rejects when something failed. */
  emptied(): Promise<void>;
}

export function createEnding(): Ending {
  let begin: Ending['begin'] = () => {};
  let fail: Ending['fail'] = () => {};
  let emptied: () => void = () => {};
  const ends = new Promise<RunEnd>((resolve) => {
    begin = resolve;
  });
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failure.catch(() => {});
  return {
    begin: (how) => begin(how),
    empty: () => emptied(),
    fail: (error) => fail(error),
    begun: () => Promise.race([failure, ends]),
    emptied() {
      const empty = new Promise<void>((resolve) => {
        emptied = resolve;
      });
      return Promise.race([failure, empty]);
    },
  };
}
