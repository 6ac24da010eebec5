// A worker as the main thread knows it: what it is asked, what it answers, and what becomes of it.

import type { Remote } from '../../engine/coordinate.ts';
import { type Signal, signal } from '../../engine/signal.ts';
import type { Counts } from '../../engine/users/crew.ts';
import type { Encoded } from '../../model/analyzer.ts';
import type { Shard } from '../../model/shard.ts';
import type { Micros } from '../../model/units.ts';
import type { Batch } from '../../results/record/batch.ts';
import type { Tally } from '../tally.ts';
import { uncarried } from './carried-error.ts';
import type { OpenLink } from './link.ts';
import type { Assignment, Word } from './messages.ts';

export interface Employed extends Remote {
  readonly shard: Shard;
  /** Resolves when it could start, or is lost. Rejects with what keeps it from running. */
  readonly ready: Promise<void>;
  /** Its tally since it was last asked for one; null when it is lost. */
  look(): Promise<Tally | null>;
  /** No mark comes any more. Resolves to the state of its analyzers; null when it is lost. */
  dismiss(): Promise<Encoded | null>;
  /** Why it is lost; null when it is not. What a lost worker said last is not heard any more. */
  readonly lost: string | null;
  /** Resolves when it is gone. One that has not said its last word is killed. */
  end(): Promise<void>;
}

/** Everything that is still to come from a worker, or never will. */
interface Expected {
  readonly ready: Signal<void>;
  readonly drained: Signal<void>;
  readonly done: Signal<Encoded | null>;
  held: Signal<Micros | null>;
  seen: Signal<Tally | null>;
}

/** How long a worker may take to hold its entries, in milliseconds. One that hangs must not keep the others waiting, or the end of the run. */
const PATIENCE_MS = 30_000;

/** What the main thread does with what comes unasked. */
export interface Employer {
  /** Takes a batch of the record. */
  onBatch(batch: Batch): void;
  /** The worker is gone before its last word. */
  onLost(reason: string): void;
  /** Nothing more comes from it: it has said its last word, or is lost. */
  onLeft(): void;
}

/** Takes a worker on and gives it its assignment. */
export function employ(open: OpenLink, assignment: Assignment, employer: Employer): Employed {
  const expected: Expected = { ready: signal(), drained: signal(), done: signal(), held: signal(), seen: signal() };
  const known: Known = { lost: null, finished: false, counts: { users: 0, inFlight: 0, unstarted: 0 } };
  const silent = (): boolean => known.lost !== null || known.finished;
  const lose = (reason: string): void => {
    if (silent()) return;
    known.lost = reason;
    giveUp(expected);
    employer.onLost(reason);
    employer.onLeft();
  };
  const link = open({
    word: (word) => {
      if (known.lost === null) hear(word, expected, known, employer);
    },
    gone: lose,
  });
  link.send({ kind: 'prepare', assignment });
  return {
    shard: assignment.shard,
    ready: expected.ready.promise,
    drained: expected.drained.promise,
    get lost() {
      return known.lost;
    },
    counts: () => known.counts,
    start: (at) => link.send({ kind: 'start', at }),
    hold() {
      if (silent()) return Promise.resolve(null);
      expected.held = signal();
      link.send({ kind: 'hold' });
      const timer = setTimeout(() => {
        lose(`no answer for ${PATIENCE_MS / 1000} s`);
        void link.kill();
      }, PATIENCE_MS);
      return expected.held.promise.finally(() => clearTimeout(timer));
    },
    mark: (mark) => link.send({ kind: 'mark', mark }),
    cut: (at) => link.send({ kind: 'cut', at }),
    look() {
      if (silent()) return Promise.resolve(null);
      expected.seen = signal();
      link.send({ kind: 'look' });
      return expected.seen.promise;
    },
    dismiss() {
      link.send({ kind: 'dismiss' });
      return expected.done.promise;
    },
    end() {
      if (known.finished) return link.ended();
      // Whoever we end ourselves is not lost.
      known.finished = true;
      return link.kill();
    },
  };
}

interface Known {
  lost: string | null;
  /** It has said its last word. */
  finished: boolean;
  counts: Counts;
}

function hear(word: Word, expected: Expected, known: Known, employer: Employer): void {
  switch (word.kind) {
    case 'ready':
      expected.ready.resolve();
      break;
    case 'held':
      expected.held.resolve(word.last);
      break;
    case 'seen':
      known.counts = word.counts;
      expected.seen.resolve(word.tally);
      break;
    case 'batch':
      employer.onBatch(word.batch);
      break;
    case 'drained':
      expected.drained.resolve();
      break;
    case 'done':
      known.finished = true;
      employer.onLeft();
      expected.done.resolve(word.state);
      break;
    case 'failed':
      known.finished = true;
      employer.onLeft();
      fail(expected, uncarried(word.error));
      break;
  }
}

/** Nothing more will come: it was lost. */
function giveUp({ ready, drained, done, held, seen }: Expected): void {
  ready.resolve();
  drained.resolve();
  done.resolve(null);
  held.resolve(null);
  seen.resolve(null);
}

/** Nothing more will come, and nobody is to go on as if it had. */
function fail({ ready, drained, done, held, seen }: Expected, error: Error): void {
  ready.reject(error);
  drained.reject(error);
  done.reject(error);
  held.resolve(null);
  seen.resolve(null);
}
