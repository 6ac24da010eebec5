// The header names somebody asks for, found in received bytes without making a string.

import { COLON, NAME } from './bytes.ts';

/** What a header means to the scanner itself. */
type Meaning = 'nothing' | 'length' | 'transfer' | 'connection' | 'cookie';

export interface KnownName {
  /** Lower-case bytes of the name. */
  readonly bytes: Uint8Array;
  readonly meaning: Meaning;
  /** Places of this name in the list of watched headers. */
  readonly watched: readonly number[];
  /** The known name that came after this one last time. Servers keep their order, so it is worth a look before any search. */
  next: KnownName | null;
}

export interface NameTable {
  readonly byLength: readonly (readonly KnownName[])[];
  /** Stands before the first header: its `next` is the known name that came first last time. */
  readonly start: KnownName;
}

const OWN: Readonly<Record<string, Meaning>> = {
  'content-length': 'length',
  'transfer-encoding': 'transfer',
  connection: 'connection',
  'set-cookie': 'cookie',
};

/** Builds the table for the watched names, in any case, besides the names the scanner needs itself. */
export function nameTable(watched: readonly string[]): NameTable {
  const wanted = watched.map((name) => name.toLowerCase());
  const names = new Set([...Object.keys(OWN), ...wanted]);
  const longest = Math.max(...[...names].map((name) => name.length));
  const byLength: KnownName[][] = Array.from({ length: longest + 1 }, () => []);
  for (const name of names) {
    const places = wanted.flatMap((other, place) => (other === name ? [place] : []));
    byLength[name.length]?.push(knownName(name, OWN[name] ?? 'nothing', places));
  }
  return { byLength, start: knownName('', 'nothing', []) };
}

function knownName(name: string, meaning: Meaning, watched: readonly number[]): KnownName {
  return { bytes: Uint8Array.from(name, (character) => character.charCodeAt(0)), meaning, watched, next: null };
}

/** The known name that stands in `bytes` from `start` to `end`, or null. Length and first byte are compared before the rest. */
export function findName(table: NameTable, bytes: Uint8Array, start: number, end: number): KnownName | null {
  const candidates = table.byLength[end - start];
  if (candidates === undefined || candidates.length === 0) return null;
  const first = NAME[bytes[start] as number];
  for (const known of candidates) {
    if (known.bytes[0] === first && sameName(known.bytes, bytes, start)) return known;
  }
  return null;
}

/** Whether the name and its colon stand in `bytes` at `start`, wholly before `to`. */
export function nameStands(known: KnownName, bytes: Uint8Array, start: number, to: number): boolean {
  const name = known.bytes;
  const colon = start + name.length;
  return colon < to && bytes[colon] === COLON && NAME[bytes[start] as number] === name[0] && sameName(name, bytes, start);
}

function sameName(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let place = 1; place < name.length; place++) {
    if (name[place] !== NAME[bytes[start + place] as number]) return false;
  }
  return true;
}
