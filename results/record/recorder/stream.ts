// One source's entries in its own order, as far as they have come.

import type { Micros } from '../../../model/units.ts';
import * as row from '../batch.ts';
import type { Mark } from '../events.ts';
import type { Rows } from './rows.ts';
import { createVocabulary } from './vocabulary.ts';

export interface Stream {
  /** What comes next; `none` until another batch is opened. */
  readonly next: 'exchange' | 'mark' | 'none';
  /** When the next entry took place. When there is none, the last one: the one to come is not earlier. */
  readonly at: Micros;
  /** Reads another batch, the one before being read to its end. */
  open(batch: row.Batch): void;
  /** Moves the next exchange into the rows, and after it others as long as they were done before `until` and there is room. */
  moveInto(rows: Rows, until: Micros): void;
  /** Takes the mark that is next. */
  takeMark(): Mark;
}

export function createStream(): Stream {
  const vocabulary = createVocabulary();
  let doubles = new Float64Array(0);
  let ints = new Int32Array(0);
  let count = 0;
  let place = 0;
  let mark: Mark | null = null;
  let at: Micros = 0;

  function settle(): void {
    if (place < count) at = doubles[place * row.DOUBLES + row.DONE] as number;
    else if (mark !== null) at = mark.at;
  }

  function move(rows: Rows): void {
    const to = rows.length;
    const wide = place * row.DOUBLES;
    const narrow = place * row.INTS;
    rows.user[to] = ints[narrow + row.USER] as number;
    rows.seq[to] = ints[narrow + row.SEQ] as number;
    rows.due[to] = doubles[wide + row.DUE] as number;
    rows.asked[to] = doubles[wide + row.ASKED] as number;
    rows.sent[to] = doubles[wide + row.SENT] as number;
    rows.done[to] = doubles[wide + row.DONE] as number;
    rows.counter[to] = doubles[wide + row.COUNTER] as number;
    rows.title[to] = vocabulary.title(rows, ints[narrow + row.TITLE] as number);
    rows.bearer[to] = vocabulary.bearer(rows, ints[narrow + row.BEARER] as number);
    rows.ending[to] = vocabulary.ending(rows, ints[narrow + row.ENDING] as number);
    rows.set[to] = vocabulary.text(rows, ints[narrow + row.SET] as number);
    rows.length = to + 1;
    place += 1;
  }

  return {
    get next() {
      if (place < count) return 'exchange';
      return mark === null ? 'none' : 'mark';
    },
    get at() {
      return at;
    },
    open(batch) {
      vocabulary.learn(batch);
      ({ count, mark } = batch);
      doubles = new Float64Array(batch.rows);
      ints = new Int32Array(batch.rows);
      place = 0;
      settle();
    },
    moveInto(rows, until) {
      do move(rows);
      while (place < count && rows.length < rows.capacity && (doubles[place * row.DOUBLES + row.DONE] as number) < until);
      settle();
    },
    takeMark() {
      if (mark === null) throw new Error('no mark is next');
      const taken = mark;
      mark = null;
      return taken;
    },
  };
}
