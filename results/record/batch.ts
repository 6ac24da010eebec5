// What the load hands to the recorder: exchanges as numbers, and the texts they refer to by number.

import type { Exchange, Outcome } from '../../model/entry.ts';
import type { Mark } from './events.ts';

/**
 * Exchanges and the mark behind them, from one source, in the order of its run. Plain data: it travels between threads and processes.
 * Of its buffers only `rows` is large; hand it over instead of having it copied (`[batch.rows]` as transfer list).
 */
export interface Batch {
  /** `count` rows of 64 bytes, perhaps with room behind them. */
  readonly rows: ArrayBuffer;
  readonly count: number;
  /** The numbers of texts, titles, bearers and endings begin anew: what earlier batches said of them is forgotten. */
  readonly anew: boolean;
  /** What is new, in the order of its numbers. Texts are those of bearers, and of sessions that were set. */
  readonly texts: readonly string[];
  readonly titles: readonly Title[];
  /** Four numbers of texts a bearer, -1 for null: egress, session, effective, owner. It is nearly always that of the user's last exchange. */
  readonly bearers: readonly number[];
  readonly endings: readonly Ending[];
  /** What happened after the last of the rows. */
  readonly mark: Mark | null;
}

/** Which request of the workload it was. */
export type Title = Pick<Exchange, 'phase' | 'method' | 'name' | 'op' | 'key'>;

/** How it ended, as far as exchanges end alike. Null where the outcome has no such field, or says null. */
export interface Ending {
  readonly outcome: Outcome['kind'];
  readonly reason: string | null;
  readonly status: number | null;
  readonly met: boolean | null;
  readonly backend: string | null;
  readonly path: readonly string[] | null;
  readonly deleted: boolean | null;
  readonly created: boolean | null;
}

/** A row is 64 bytes, one line of the processor's cache, so that an exchange on its way through memory costs one miss. */
export const ROW_BYTES = 64;

/** 64-bit places in a row, and 32-bit ones: the same bytes seen two ways. */
export const DOUBLES = ROW_BYTES / 8;
export const INTS = ROW_BYTES / 4;

/** Which 64-bit place holds what. The counter is NaN when the answer told none. */
export const DUE = 0;
export const ASKED = 1;
export const SENT = 2;
export const DONE = 3;
export const COUNTER = 4;

/** Which 32-bit place holds what, behind the 64-bit ones. `SET` is the number of a text, -1 when no session was set. */
export const USER = 10;
export const SEQ = 11;
export const TITLE = 12;
export const BEARER = 13;
export const ENDING = 14;
export const SET = 15;
