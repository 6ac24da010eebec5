// Exchanges in columns: the row group that is being filled.

import type { WhatIsShared } from '../columns.ts';
import { createWords, type Words } from './words.ts';

/** At most `capacity` exchanges, of which the first `length` are there. Of titles, bearers and endings it has the numbers in `words`. */
export interface Rows extends Readonly<Record<WhatIsShared, Int32Array>> {
  length: number;
  readonly capacity: number;
  /** Which filling it is: numbers found in one say nothing in the next. */
  filling: number;
  words: Words;
  readonly user: Int32Array;
  readonly seq: Int32Array;
  readonly due: Float64Array;
  readonly asked: Float64Array;
  readonly sent: Float64Array;
  readonly done: Float64Array;
  /** NaN for null. */
  readonly counter: Float64Array;
  /** Numbers of texts in `words`, -1 for null. */
  readonly set: Int32Array;
}

export function makeRows(capacity: number): Rows {
  const whole = () => new Int32Array(capacity);
  const long = () => new Float64Array(capacity);
  return {
    length: 0,
    capacity,
    filling: 0,
    words: createWords(),
    user: whole(),
    seq: whole(),
    due: long(),
    asked: long(),
    sent: long(),
    done: long(),
    counter: long(),
    title: whole(),
    bearer: whole(),
    ending: whole(),
    set: whole(),
  };
}

/** Empties the rows, to be filled again. */
export function clear(rows: Rows): void {
  rows.length = 0;
  rows.filling += 1;
  rows.words = createWords();
}
