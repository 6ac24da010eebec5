// How far the counters of sessions are known to have been written.

import { addRow, decodeRows, type EncodedRows, encodeRows, NO_ROW, newRows, Row, type Rows } from '../flat/rows.ts';

/** A list of rows for each session, one for each key; known by its first row, `NO_ROW` for the empty list. */
export interface Writes {
  readonly rows: Rows;
  /** List of the rows that are free. */
  free: number;
  readonly window: Write;
}

export function noWrites(rows: Rows = newRows(2, 2), free: number = NO_ROW): Writes {
  return { rows, free, window: new Write(rows) };
}

class Write extends Row {
  get next(): number {
    return this.ints[this.int] as number;
  }
  set next(value: number) {
    this.ints[this.int] = value;
  }

  /** Number of the key. */
  get key(): number {
    return this.ints[this.int + 1] as number;
  }
  set key(value: number) {
    this.ints[this.int + 1] = value;
  }

  /** Highest counter that an ok write is known to have reached. */
  get counter(): number {
    return this.times[this.time] as number;
  }
  set counter(value: number) {
    this.times[this.time] = value;
  }

  /** When that was acknowledged. */
  get at(): number {
    return this.times[this.time + 1] as number;
  }
  set at(value: number) {
    this.times[this.time + 1] = value;
  }
}

/** The write of a key in a list, null where there is none. Valid until the next call. */
export function findWrite({ window }: Writes, list: number, key: number): Write | null {
  for (let row = list; row !== NO_ROW; row = window.next) if (window.on(row).key === key) return window;
  return null;
}

/** Notes a write, and returns the list, which may begin anew. */
export function noteWrite(writes: Writes, list: number, key: number, counter: number, at: number): number {
  const known = findWrite(writes, list, key);
  if (known === null) return add(writes, list, key, counter, at);
  if (counter > known.counter) {
    known.counter = counter;
    known.at = at;
  }
  return list;
}

function add(writes: Writes, list: number, key: number, counter: number, at: number): number {
  const row = takeRow(writes);
  const write = writes.window.on(row);
  write.next = list;
  write.key = key;
  write.counter = counter;
  write.at = at;
  return row;
}

function takeRow(writes: Writes): number {
  const { free, rows, window } = writes;
  if (free === NO_ROW) return addRow(rows);
  writes.free = window.on(free).next;
  return free;
}

/** A list of its own with the same writes; `keys` says what the numbers of keys are there. */
export function copyWrites(into: Writes, from: Writes, list: number, keys: (key: number) => number = (key) => key): number {
  let copy = NO_ROW;
  for (let row = list; row !== NO_ROW; row = from.window.on(row).next) {
    const { key, counter, at } = from.window.on(row);
    copy = add(into, copy, keys(key), counter, at);
  }
  return copy;
}

/** The session is forgotten: its rows may be taken. */
export function freeWrites(writes: Writes, list: number): void {
  const { window } = writes;
  let row = list;
  while (row !== NO_ROW) {
    const { next } = window.on(row);
    window.next = writes.free;
    writes.free = row;
    row = next;
  }
}

export type EncodedWrites = { readonly free: number; readonly rows: EncodedRows };

export function encodeWrites({ free, rows }: Writes): EncodedWrites {
  return { free, rows: encodeRows(rows) };
}

export function decodeWrites({ free, rows }: EncodedWrites): Writes {
  return noWrites(decodeRows(rows), free);
}
