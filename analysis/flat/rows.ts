// Records of whole numbers, in pages: memory for a million users that the garbage collector has nothing to do with.

import { pack, unpack } from './packed.ts';

/** Rows of `ints` numbers of 32 bits with sign and `times` numbers up to 2^53, which lie side by side. */
export interface Rows {
  /** Rows so far. */
  size: number;
  readonly ints: number;
  readonly times: number;
  readonly pages: Page[];
}

/** Two views of the same memory. */
interface Page {
  readonly ints: Int32Array;
  readonly times: Float64Array;
}

/** 1,024 rows a page: small enough that making one holds nobody up, and nothing ever has to be copied because there are more. */
const BITS = 10;
const ROWS = 1 << BITS;
const LAST = ROWS - 1;

export function newRows(ints: number, times: number): Rows {
  return { size: 0, ints, times, pages: [] };
}

/** Makes room for one more row, all of it 0, and returns its number. */
export function addRow(rows: Rows): number {
  const row = rows.size;
  rows.size += 1;
  if (row >>> BITS === rows.pages.length) {
    const memory = new ArrayBuffer(ROWS * (wordsOfInts(rows) + rows.times) * 8);
    rows.pages.push({ ints: new Int32Array(memory), times: new Float64Array(memory) });
  }
  return row;
}

/** Two ints take a word of 64 bits, a time takes one. */
function wordsOfInts({ ints }: Pick<Rows, 'ints'>): number {
  return Math.ceil(ints / 2);
}

export const NO_ROW = -1;

/**
 * A window on one row, then another. It is there for its heirs, whose accessors are so short that the compiler always writes them out in
 * place: so a row is as quick to use as an object of its own would be, and takes less than half of the memory.
 */
export class Row {
  /** The row it is on. */
  number = NO_ROW;
  protected ints: Int32Array = new Int32Array(0);
  protected times: Float64Array = new Float64Array(0);
  /** Where the row begins in `ints` and in `times`. */
  protected int = 0;
  protected time = 0;
  private readonly rows: Rows;
  private readonly words: number;
  private readonly first: number;

  constructor(rows: Rows) {
    this.rows = rows;
    this.first = wordsOfInts(rows);
    this.words = this.first + rows.times;
  }

  on(row: number): this {
    const page = this.rows.pages[row >>> BITS] as Page;
    const word = (row & LAST) * this.words;
    this.number = row;
    this.ints = page.ints;
    this.times = page.times;
    this.int = word * 2;
    this.time = word + this.first;
    return this;
  }

  /** Takes over all numbers of another row, of the same kind of rows. */
  copy(other: Row): void {
    const { ints, times } = this.rows;
    this.ints.set(other.ints.subarray(other.int, other.int + ints), this.int);
    this.times.set(other.times.subarray(other.time, other.time + times), this.time);
  }
}

/** The rows on their way to another worker: each of their numbers packed, from row to row. */
export type EncodedRows = {
  readonly ints: readonly string[];
  readonly times: readonly string[];
};

export function encodeRows(rows: Rows): EncodedRows {
  return {
    ints: Array.from({ length: rows.ints }, (_, field) => pack(intsOf(rows, field))),
    times: Array.from({ length: rows.times }, (_, field) => pack(timesOf(rows, field))),
  };
}

function intsOf({ size, pages, ...rows }: Rows, field: number): Int32Array {
  const width = (wordsOfInts(rows) + rows.times) * 2;
  const numbers = new Int32Array(size);
  for (let row = 0; row < size; row += 1) numbers[row] = (pages[row >>> BITS] as Page).ints[(row & LAST) * width + field] as number;
  return numbers;
}

function timesOf({ size, pages, ...rows }: Rows, field: number): Float64Array {
  const first = wordsOfInts(rows);
  const width = first + rows.times;
  const numbers = new Float64Array(size);
  for (let row = 0; row < size; row += 1)
    numbers[row] = (pages[row >>> BITS] as Page).times[(row & LAST) * width + first + field] as number;
  return numbers;
}

export function decodeRows({ ints, times }: EncodedRows): Rows {
  const rows = newRows(ints.length, times.length);
  ints.forEach((text, field) => {
    putInts(rows, field, unpack(text));
  });
  times.forEach((text, field) => {
    putTimes(rows, field, unpack(text));
  });
  return rows;
}

function putInts(rows: Rows, field: number, numbers: Float64Array): void {
  while (rows.size < numbers.length) addRow(rows);
  const width = (wordsOfInts(rows) + rows.times) * 2;
  for (let row = 0; row < numbers.length; row += 1) {
    (rows.pages[row >>> BITS] as Page).ints[(row & LAST) * width + field] = numbers[row] as number;
  }
}

function putTimes(rows: Rows, field: number, numbers: Float64Array): void {
  while (rows.size < numbers.length) addRow(rows);
  const first = wordsOfInts(rows);
  const width = first + rows.times;
  for (let row = 0; row < numbers.length; row += 1) {
    (rows.pages[row >>> BITS] as Page).times[(row & LAST) * width + first + field] = numbers[row] as number;
  }
}
