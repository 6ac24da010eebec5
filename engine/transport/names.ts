// The header names somebody asks for, found in received bytes without making a string.

import { byteAt, NAME } from './bytes.ts';

/** What a header means to the scanner itself. */
export type Meaning = 'nothing' | 'length' | 'transfer' | 'connection' | 'cookie';

export interface KnownName {
  /** Lower-case bytes of the name. */
  readonly bytes: Uint8Array;
  readonly meaning: Meaning;
  /** Places of this name in the list of watched headers. */
  readonly watched: readonly number[];
}

/** Known names by their length. */
export type NameTable = readonly (readonly KnownName[])[];

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
  const table: KnownName[][] = Array.from({ length: longest + 1 }, () => []);
  for (const name of names) {
    table[name.length]?.push({
      bytes: Uint8Array.from(name, (character) => character.charCodeAt(0)),
      meaning: OWN[name] ?? 'nothing',
      watched: wanted.flatMap((other, place) => (other === name ? [place] : [])),
    });
  }
  return table;
}

/** The known name that stands in `bytes` from `start` to `end`, or null. Length and first byte are compared before the rest. */
export function findName(table: NameTable, bytes: Uint8Array, start: number, end: number): KnownName | null {
  const candidates = table[end - start];
  if (candidates === undefined || candidates.length === 0) return null;
  const first = NAME[byteAt(bytes, start)];
  for (const known of candidates) {
    if (known.bytes[0] === first && sameName(known.bytes, bytes, start)) return known;
  }
  return null;
}

function sameName(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let place = 1; place < name.length; place++) {
    if (name[place] !== NAME[byteAt(bytes, start + place)]) return false;
  }
  return true;
}
