// Reads the head of an answer: status line and headers, each byte once, as strictly as llhttp.

import { blank, COLON, COMMA, CR, LF, NAME, SPACE, VALUE, ZERO } from './bytes.ts';
import { findName, type KnownName, type NameTable, nameStands } from './names.ts';
import { INCOMPLETE, MALFORMED } from './progress.ts';

/** How the head says that the body is transferred, besides its length. */
export type Transfer = 'plain' | 'chunked' | 'coded';

const NO_COOKIES: readonly number[] = [];
const VERSION = Uint8Array.from('HTTP/1.', (character) => character.charCodeAt(0));
/** Bytes of the shortest status line, `HTTP/1.1 200`, without its end. */
const SHORTEST = 12;

/** All that reading a head at the start of a piece comes to. */
export interface KnownHead {
  readonly status: number;
  readonly length: number;
  readonly transfer: Transfer;
  readonly keepAlive: boolean;
  /** The place behind it. */
  readonly end: number;
  readonly spans: Int32Array;
  readonly cookies: readonly number[];
}

export class Head {
  status = 0;
  /** Content-Length, -1 when there is none. Beyond 2^53 only roughly right. */
  length = -1;
  transfer: Transfer = 'plain';
  /** Where the head begins, and where reading goes on: always at the start of a line. */
  start = 0;
  at = 0;
  /** Start and end of each watched header's text, -1 when absent. */
  spans: Int32Array;
  /** Start and end of each Set-Cookie header's text, in order. */
  cookies: readonly number[] = NO_COOKIES;
  readonly #spans: Int32Array;
  readonly #names: NameTable;
  /** The last known header of this head. */
  #last: KnownName;
  #persistent = false;
  #close = false;

  /** `watched`: how many watched headers the table knows. */
  constructor(names: NameTable, watched: number) {
    this.#names = names;
    this.#last = names.start;
    this.#spans = new Int32Array(2 * watched);
    this.spans = this.#spans;
  }

  /** The connection may serve another request after this answer (RFC 9112 9.3). */
  get keepAlive(): boolean {
    return this.#persistent && !this.#close;
  }

  /** Forgets everything; the next head begins at `start`. */
  begin(start: number): void {
    this.start = start;
    this.at = start;
    this.status = 0;
    this.length = -1;
    this.transfer = 'plain';
    this.cookies = NO_COOKIES;
    this.#last = this.#names.start;
    this.#persistent = false;
    this.#close = false;
    this.spans = this.#spans.fill(-1);
  }

  /** Takes over a head of a known shape, which begins at 0, instead of reading it. */
  recall(shape: KnownHead): void {
    this.start = 0;
    this.at = shape.end;
    this.status = shape.status;
    this.length = shape.length;
    this.transfer = shape.transfer;
    this.cookies = shape.cookies;
    this.spans = shape.spans;
    this.#persistent = shape.keepAlive;
    this.#close = false;
  }

  /** The bytes of this head have moved `by` bytes towards the beginning. */
  moved(by: number): void {
    // A head of a known shape begins at 0, and shares its places with others.
    if (by === 0) return;
    this.start -= by;
    this.at -= by;
    const spans = this.#spans;
    for (let place = 0; place < spans.length; place++) {
      const span = spans[place] as number;
      if (span >= 0) spans[place] = span - by;
    }
    this.cookies = this.cookies.map((place) => place - by);
  }

  /** Reads on up to `to`. Returns the place behind the empty line, `INCOMPLETE` or `MALFORMED`. */
  read(bytes: Buffer, to: number): number {
    let at = this.at;
    if (this.status === 0) {
      at = this.#statusLine(bytes, at, to);
      if (at < 0) return at;
      this.at = at;
    }
    while (at < to) {
      if (bytes[at] === CR) {
        if (at + 1 === to) return INCOMPLETE;
        return bytes[at + 1] === LF ? at + 2 : MALFORMED;
      }
      at = this.#field(bytes, at, to);
      if (at < 0) return at;
      this.at = at;
    }
    return INCOMPLETE;
  }

  /** `HTTP/1.1 200 OK`: the reason may be anything and may be missing. Empty lines before it are skipped. */
  #statusLine(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && (bytes[at] === CR || bytes[at] === LF)) at++;
    for (let place = 0; place < VERSION.length && at + place < to; place++) {
      if (bytes[at + place] !== VERSION[place]) return MALFORMED;
    }
    if (to - at <= SHORTEST) return INCOMPLETE;
    const minor = (bytes[at + 7] as number) - ZERO;
    const status = threeDigits(bytes, at + 9);
    if ((minor !== 0 && minor !== 1) || bytes[at + 8] !== SPACE || status < 100) return MALFORMED;
    const reason = at + SHORTEST;
    if (bytes[reason] !== SPACE && bytes[reason] !== CR) return MALFORMED;
    at = reason;
    while (at < to && bytes[at] !== CR && bytes[at] !== LF) at++;
    const end = lineEnd(bytes, at, to);
    if (end < 0) return end;
    this.status = status;
    this.#persistent = minor === 1;
    return end;
  }

  #field(bytes: Buffer, from: number, to: number): number {
    const guess = this.#last.next;
    const guessed = guess !== null && nameStands(guess, bytes, from, to);
    let at = guessed ? from + guess.bytes.length : from;
    if (!guessed) {
      while (at < to && NAME[bytes[at] as number] !== 0) at++;
      if (at === to) return INCOMPLETE;
      if (bytes[at] !== COLON || at === from) return MALFORMED;
    }
    const nameEnd = at++;
    while (at < to && blank(bytes[at] as number)) at++;
    const start = at;
    while (at < to && VALUE[bytes[at] as number] !== 0) at++;
    const next = lineEnd(bytes, at, to);
    if (next < 0) return next;
    const known = guessed ? guess : findName(this.#names, bytes, from, nameEnd);
    if (known === null) return next;
    this.#last.next = known;
    this.#last = known;
    let end = at;
    while (end > start && blank(bytes[end - 1] as number)) end--;
    return this.#note(known, bytes, start, end) ? next : MALFORMED;
  }

  /** Takes in a known header. False when it contradicts itself or another: Content-Length with Transfer-Encoding, two lengths. */
  #note(known: KnownName, bytes: Buffer, start: number, end: number): boolean {
    for (const watched of known.watched) {
      const spans = this.#spans;
      if ((spans[2 * watched] as number) >= 0) continue;
      spans[2 * watched] = start;
      spans[2 * watched + 1] = end;
    }
    switch (known.meaning) {
      case 'nothing':
        return true;
      case 'connection':
        this.#connection(bytes, start, end);
        return true;
      case 'cookie':
        this.cookies = [...this.cookies, start, end];
        return true;
      case 'transfer':
        // Only the last coding of the last line decides (RFC 9112 6.3); an answer in another coding ends with the connection.
        this.transfer = lastIsChunked(bytes, start, end) ? 'chunked' : 'coded';
        return this.length < 0;
      case 'length':
        return this.#length(bytes, start, end);
    }
  }

  #length(bytes: Buffer, start: number, end: number): boolean {
    if (start === end || this.transfer !== 'plain') return false;
    let length = 0;
    for (let at = start; at < end; at++) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return false;
      length = length * 10 + digit;
    }
    const agrees = this.length < 0 || this.length === length;
    this.length = length;
    return agrees;
  }

  #connection(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; at++) {
      while (at < end && blank(bytes[at] as number)) at++;
      const from = at;
      while (at < end && bytes[at] !== COMMA) at++;
      let to = at;
      while (to > from && blank(bytes[to - 1] as number)) to--;
      if (isWord(CLOSE, bytes, from, to)) this.#close = true;
      else if (isWord(KEEP_ALIVE, bytes, from, to)) this.#persistent = true;
    }
  }
}

const CLOSE = Uint8Array.from('close', (character) => character.charCodeAt(0));
const KEEP_ALIVE = Uint8Array.from('keep-alive', (character) => character.charCodeAt(0));
const CHUNKED = Uint8Array.from('chunked', (character) => character.charCodeAt(0));

/** The place behind CR LF at `at`. */
function lineEnd(bytes: Buffer, at: number, to: number): number {
  if (at === to) return INCOMPLETE;
  if (bytes[at] !== CR) return MALFORMED;
  if (at + 1 === to) return INCOMPLETE;
  return bytes[at + 1] === LF ? at + 2 : MALFORMED;
}

/** -1 when one of the three is no digit. */
function threeDigits(bytes: Buffer, at: number): number {
  let number = 0;
  for (let place = at; place < at + 3; place++) {
    const digit = (bytes[place] as number) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function lastIsChunked(bytes: Buffer, start: number, end: number): boolean {
  let from = end;
  while (from > start && bytes[from - 1] !== COMMA) from--;
  while (from < end && blank(bytes[from] as number)) from++;
  return isWord(CHUNKED, bytes, from, end);
}

function isWord(word: Uint8Array, bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== word.length) return false;
  for (let place = 0; place < word.length; place++) {
    if (NAME[bytes[start + place] as number] !== word[place]) return false;
  }
  return true;
}
