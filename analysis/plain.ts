// Plain data in and out of states.

import type { Encoded } from '../model/analyzer.ts';

/** A deep copy of plain data, as JSON would carry it: holes in arrays become null, undefined fields vanish. */
export function plain<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The same of an object, as the encoded form of a state. */
export function encoded(value: object): { readonly [key: string]: Encoded } {
  return plain(value);
}
