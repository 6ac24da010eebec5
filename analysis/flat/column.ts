// One whole number per user, in pages: what was never written is 0 and takes no memory.

import { pack, unpack } from './packed.ts';

/** Numbers that fit into 32 bits with sign. */
export interface IntColumn {
  readonly pages: (Int32Array | undefined)[];
}

/** Numbers up to 2^53. */
export interface TimeColumn {
  readonly pages: (Float64Array | undefined)[];
}

const BITS = 12;
const LENGTH = 1 << BITS;
const LAST = LENGTH - 1;

export function newColumn(): { pages: [] } {
  return { pages: [] };
}

// One pair of functions for each kind, because one that meets pages of two kinds is slow with both.

export function intOf({ pages }: IntColumn, user: number): number {
  const page = pages[user >>> BITS];
  return page === undefined ? 0 : (page[user & LAST] as number);
}

export function setInt({ pages }: IntColumn, user: number, value: number): void {
  const page = pages[user >>> BITS] ?? addPage(pages, user, new Int32Array(LENGTH));
  page[user & LAST] = value;
}

export function timeOf({ pages }: TimeColumn, user: number): number {
  const page = pages[user >>> BITS];
  return page === undefined ? 0 : (page[user & LAST] as number);
}

export function setTime({ pages }: TimeColumn, user: number, value: number): void {
  const page = pages[user >>> BITS] ?? addPage(pages, user, new Float64Array(LENGTH));
  page[user & LAST] = value;
}

function addPage<Page>(pages: (Page | undefined)[], user: number, page: Page): Page {
  while (pages.length < user >>> BITS) pages.push(undefined);
  pages[user >>> BITS] = page;
  return page;
}

/** Calls `act` with each user whose number is not 0, rising, and that number. */
export function eachUser({ pages }: IntColumn | TimeColumn, act: (user: number, value: number) => void): void {
  for (const [index, page] of pages.entries()) {
    if (page === undefined) continue;
    for (let place = 0; place < LENGTH; place += 1) {
      const value = page[place] as number;
      if (value !== 0) act(index * LENGTH + place, value);
    }
  }
}

/** The users that have a number, and the numbers, packed. */
export type EncodedColumn = {
  readonly users: string;
  readonly numbers: string;
};

export function encodeColumn(column: IntColumn | TimeColumn): EncodedColumn {
  const users: number[] = [];
  const numbers: number[] = [];
  eachUser(column, (user, value) => {
    users.push(user);
    numbers.push(value);
  });
  return { users: pack(users), numbers: pack(numbers) };
}

export function decodeInts(encoded: EncodedColumn): IntColumn {
  const column: IntColumn = newColumn();
  decode(encoded, (user, value) => setInt(column, user, value));
  return column;
}

export function decodeTimes(encoded: EncodedColumn): TimeColumn {
  const column: TimeColumn = newColumn();
  decode(encoded, (user, value) => setTime(column, user, value));
  return column;
}

function decode({ users, numbers }: EncodedColumn, set: (user: number, value: number) => void): void {
  const values = unpack(numbers);
  unpack(users).forEach((user, place) => {
    set(user, values[place] as number);
  });
}
