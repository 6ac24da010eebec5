// What may stand in a header that stickybench sends.

import type { Template } from '../../model/template.ts';
import { type Reading, read, unreadable } from './reading.ts';
import { readTemplate } from './templates.ts';

/** RFC 9110 5.6.2: the characters of a header name, and of a cookie name (RFC 6265 4.1.1). */
export const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers that the engine writes itself, and why the workload may not. */
const RESERVED: Readonly<Record<string, string>> = {
  cookie: "Each user's cookie jar writes this header.",
  connection: 'Connections are chosen with http.connections.',
  'content-length': 'The length of the body is counted for you.',
  'transfer-encoding': 'Bodies are sent with their length.',
};

export function readHeaderName(value: unknown): Reading<string> {
  if (typeof value !== 'string' || !TOKEN.test(value)) return unreadable("Letters, digits and !#$%&'*+.^_`|~- only.");
  return read(value);
}

/** Why a workload may not set a header, or null when it may. */
export function reservedBecause(name: string): string | null {
  return RESERVED[name.toLowerCase()] ?? null;
}

/** A text without line breaks, whose characters fit in one byte each: anything else would split or garble the request. */
export function readHeaderValue(value: unknown): Reading<Template> {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof text !== 'string') return unreadable();
  if (/[\r\n\0]/.test(text)) return unreadable('A header cannot hold a line break or a zero byte.');
  const strange = [...text].find((character) => (character.codePointAt(0) ?? 0) > 0xff);
  if (strange !== undefined) return unreadable(`A header carries Latin-1 only; ${strange} is outside it.`);
  return readTemplate(text.trim());
}
