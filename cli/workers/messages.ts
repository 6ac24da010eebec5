// Every word that passes between the main thread and a worker, the same for threads and processes.

import type { Counts } from '../../engine/users/crew.ts';
import type { Encoded } from '../../model/analyzer.ts';
import type { FaultEvent } from '../../model/entry.ts';
import type { Setup } from '../../model/setup.ts';
import type { Shard } from '../../model/shard.ts';
import type { Micros } from '../../model/units.ts';
import type { Identify, Workload } from '../../model/workload.ts';
import type { Batch } from '../../results/record/batch.ts';
import type { Tally } from '../tally.ts';
import type { CarriedError } from './carried-error.ts';

/** What a worker must know to bring its share of the users. */
export interface Assignment {
  readonly workload: Workload;
  readonly url: string;
  readonly identify: Identify;
  readonly setup: Setup;
  readonly precise: boolean;
  readonly shard: Shard;
  /** Secret that session ids are hashed with. */
  readonly key: Uint8Array;
  /** Somebody looks at the run as it goes: `look` will come. */
  readonly watched: boolean;
  /** Every exchange is to be kept: `batch` is waited for. */
  readonly recorded: boolean;
}

/** From the main thread, in this order: `prepare`, `start`, any number of the middle ones, `dismiss`. */
export type Order =
  | { readonly kind: 'prepare'; readonly assignment: Assignment }
  /** Begin when the clock of the machine shows this. */
  | { readonly kind: 'start'; readonly at: Micros }
  /** Let entries wait, and answer `held`. */
  | { readonly kind: 'hold' }
  /** Ends a hold. */
  | { readonly kind: 'mark'; readonly mark: FaultEvent }
  /** Ends a hold, and the load. */
  | { readonly kind: 'cut'; readonly at: Micros }
  /** Answer `seen`. */
  | { readonly kind: 'look' }
  /** No mark comes any more: answer `done` and leave. */
  | { readonly kind: 'dismiss' };

/** From a worker. */
export type Word =
  | { readonly kind: 'ready' }
  /** `last`: instant of the last entry handed over. */
  | { readonly kind: 'held'; readonly last: Micros }
  | { readonly kind: 'seen'; readonly counts: Counts; readonly tally: Tally }
  /** Of the record. All batches come before the last word. */
  | { readonly kind: 'batch'; readonly batch: Batch }
  /** The load is over and nothing is in flight. */
  | { readonly kind: 'drained' }
  /** The last word of a worker that did its work. `state`: all its analyzers, encoded. */
  | { readonly kind: 'done'; readonly state: Encoded }
  /** The last word of one that could not. */
  | { readonly kind: 'failed'; readonly error: CarriedError };
