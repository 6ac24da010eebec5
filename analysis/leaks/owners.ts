// Who had each mark first: a table that takes millions of marks without holding the run up.

import { addRow, decodeRows, type EncodedRows, encodeRows, newRows, Row, type Rows } from '../flat/rows.ts';
import type { Mark } from './mark.ts';

/** One row for each mark, in the order in which they came. */
export interface Owners {
  readonly rows: Rows;
  readonly window: Owner;
  /** Marks that are not known by their numbers alone, by row. */
  readonly odd: Map<number, string>;
  /** Rows (plus one) by the hash of the mark, in parts: one is enlarged at a time, which takes a fraction of a millisecond. */
  readonly parts: (Part | undefined)[];
  /** Rows that are in `parts`. Those of a table that has just arrived are not, and most such tables are only read through. */
  entered: number;
}

interface Part {
  slots: Int32Array;
  taken: number;
}

/** One user's meeting with a mark. */
export interface Sighting {
  readonly user: number;
  /** The first time. */
  readonly at: number;
  /** Answers that showed it to him. */
  readonly count: number;
}

/** A mark and the sighting of whoever had it first. */
export class Owner extends Row implements Sighting {
  get high(): number {
    return this.ints[this.int] as number;
  }
  set high(value: number) {
    this.ints[this.int] = value;
  }

  get low(): number {
    return this.ints[this.int + 1] as number;
  }
  set low(value: number) {
    this.ints[this.int + 1] = value;
  }

  get user(): number {
    return this.ints[this.int + 2] as number;
  }
  set user(value: number) {
    this.ints[this.int + 2] = value;
  }

  get count(): number {
    return this.ints[this.int + 3] as number;
  }
  set count(value: number) {
    this.ints[this.int + 3] = value;
  }

  get at(): number {
    return this.times[this.time] as number;
  }
  set at(value: number) {
    this.times[this.time] = value;
  }
}

const PARTS = 1024;
const SMALLEST = 8;

export function noOwners(): Owners {
  return ownersOf(newRows(4, 1), new Map());
}

function ownersOf(rows: Rows, odd: Map<number, string>): Owners {
  return { rows, window: new Owner(rows), odd, parts: new Array(PARTS).fill(undefined), entered: 0 };
}

/** The owner of a mark, null where it was not seen before. Valid until the next call. */
export function ownerOf(owners: Owners, mark: Mark): Owner | null {
  if (owners.entered < owners.rows.size) enterAll(owners);
  const hash = hashOf(mark.high, mark.low);
  const part = owners.parts[partOf(hash)];
  if (part === undefined) return null;
  const { slots } = part;
  const last = slots.length - 1;
  for (let slot = hash & last; ; slot = (slot + 1) & last) {
    const row = (slots[slot] as number) - 1;
    if (row < 0) return null;
    const owner = owners.window.on(row);
    if (owner.low === mark.low && owner.high === mark.high && isOdd(owners, row, mark.odd)) return owner;
  }
}

function isOdd({ odd }: Owners, row: number, text: string | null): boolean {
  return odd.size === 0 ? text === null : (odd.get(row) ?? null) === text;
}

/** Adds a mark that has been looked for and is not there. */
export function addOwner(owners: Owners, mark: Mark, first: Sighting): void {
  const owner = owners.window.on(addRow(owners.rows));
  owner.high = mark.high;
  owner.low = mark.low;
  if (mark.odd !== null) owners.odd.set(owner.number, mark.odd);
  setFirst(owner, first);
  enter(owners, owner.number);
}

export function setFirst(owner: Owner, { user, at, count }: Sighting): void {
  owner.user = user;
  owner.at = at;
  owner.count = count;
}

export function markAt({ window, odd }: Owners, row: number): Mark {
  const { high, low } = window.on(row);
  return { high, low, odd: odd.get(row) ?? null };
}

export function firstAt({ window }: Owners, row: number): Sighting {
  const { user, at, count } = window.on(row);
  return { user, at, count };
}

function enterAll(owners: Owners): void {
  while (owners.entered < owners.rows.size) enter(owners, owners.entered);
}

function enter(owners: Owners, row: number): void {
  const { parts, window } = owners;
  const hash = hashAt(window, row);
  const part = parts[partOf(hash)] ?? { slots: new Int32Array(SMALLEST), taken: 0 };
  parts[partOf(hash)] = part;
  if (part.taken * 2 >= part.slots.length) part.slots = enlarged(part.slots, window);
  place(part.slots, hash, row);
  part.taken += 1;
  owners.entered += 1;
}

function enlarged(slots: Int32Array, window: Owner): Int32Array {
  const larger = new Int32Array(slots.length * 2);
  for (const known of slots) if (known !== 0) place(larger, hashAt(window, known - 1), known - 1);
  return larger;
}

function hashAt(window: Owner, row: number): number {
  const { high, low } = window.on(row);
  return hashOf(high, low);
}

/** Linear probing: at most half of the slots are taken. */
function place(slots: Int32Array, hash: number, row: number): void {
  const last = slots.length - 1;
  let slot = hash & last;
  while (slots[slot] !== 0) slot = (slot + 1) & last;
  slots[slot] = row + 1;
}

/** The highest ten bits say which part, the lowest which slot. */
function partOf(hash: number): number {
  return hash >>> 22;
}

/** Multiplied by the golden ratio, as Knuth has it (The Art of Computer Programming 3, 6.4), so that no regularity of the marks is left. */
function hashOf(high: number, low: number): number {
  const mixed = Math.imul(high ^ (low >>> 16) ^ low, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

export type EncodedOwners = {
  readonly rows: EncodedRows;
  readonly odd: readonly (readonly [number, string])[];
};

export function encodeOwners({ rows, odd }: Owners): EncodedOwners {
  return { rows: encodeRows(rows), odd: [...odd] };
}

export function decodeOwners({ rows, odd }: EncodedOwners): Owners {
  return ownersOf(decodeRows(rows), new Map(odd));
}
