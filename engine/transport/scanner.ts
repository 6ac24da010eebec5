// Reads answers off a connection, one after the other, out of a receive buffer that is reused after each call.

import type { Answer } from '../wire.ts';
import { Body, type Framing } from './body.ts';
import { Head } from './head.ts';
import type { NameTable } from './names.ts';
import { COMPLETE, INCOMPLETE, MALFORMED, OVERSIZED, type Progress } from './progress.ts';
import type { Shapes } from './shapes.ts';

/** Largest head read, in bytes; interim answers (1xx) count each for itself. */
export const HEAD_LIMIT = 64 * 1024;
/** Storage for split heads above this size is given back after each answer. */
const HELD_KEPT = 4 * 1024;
const EMPTY = Buffer.alloc(0);
const NO_COOKIES: readonly string[] = [];

/**
 * Scans the answers of one connection, or of many as long as each arrives in one piece. Each answer is ready when `read` or `end` returns `COMPLETE`, and is valid until the next `read`.
 * Nothing is copied while an answer lies whole in one piece of the stream; of a split answer the head is copied, and the body if wanted.
 */
export class Scanner implements Answer {
  /** Bytes that followed the complete answer in the last piece. The connection cannot be used after them. */
  surplus = 0;
  readonly #head: Head;
  readonly #body: Body;
  readonly #shapes: Shapes;
  /** Where the head's bytes are: the piece given to `read`, or `#held`. */
  #bytes: Buffer = EMPTY;
  #held: Buffer = EMPTY;
  #heldSize = 0;
  #state: 'fresh' | 'head' | 'body' = 'fresh';
  /** Made when asked for. */
  #setCookies: readonly string[] | null = null;

  /** `watched`: how many watched headers the table knows. `maxBody`: largest body read, in bytes. */
  constructor(names: NameTable, watched: number, maxBody: number, shapes: Shapes) {
    this.#head = new Head(names, watched);
    this.#body = new Body(maxBody);
    this.#shapes = shapes;
  }

  get status(): number {
    return this.#head.status;
  }

  get setCookies(): readonly string[] {
    const { cookies } = this.#head;
    if (cookies.length === 0) return NO_COOKIES;
    this.#setCookies ??= this.#texts(cookies);
    return this.#setCookies;
  }

  /** Bytes of the body, without its framing. */
  get bodySize(): number {
    return this.#body.count;
  }

  /** Some byte of the answer now awaited has been read. */
  get started(): boolean {
    return this.#state !== 'fresh';
  }

  /** The connection may carry another request after the complete answer. */
  get reusable(): boolean {
    return this.#head.keepAlive && this.#body.framing !== 'close' && this.surplus === 0;
  }

  get closes(): boolean {
    return !this.reusable;
  }

  header(watched: number): string | null {
    const start = this.#span(2 * watched);
    return start < 0 ? null : this.#bytes.toString('latin1', start, this.#span(2 * watched + 1));
  }

  headerIs(watched: number, text: string): boolean {
    const start = this.#span(2 * watched);
    if (start < 0 || this.#span(2 * watched + 1) - start !== text.length) return false;
    const bytes = this.#bytes;
    for (let place = 0; place < text.length; place++) {
      if (bytes[start + place] !== text.charCodeAt(place)) return false;
    }
    return true;
  }

  body(): string {
    return this.#body.text();
  }

  /** Reads the next `size` bytes of the stream. `headOnly`: the request was HEAD. `wantsBody`: keep the body. */
  read(piece: Buffer, size: number, headOnly: boolean, wantsBody: boolean): Progress {
    if (this.#state === 'body') return this.#ended(this.#body.read(piece, 0, size), size);
    if (this.#state === 'head') return this.#readOn(piece, size, headOnly, wantsBody);
    this.#begin();
    const end = this.#wholeHead(piece, size);
    if (end < 0) {
      if (end === INCOMPLETE) this.#keepHead(piece, size);
      return end as Progress;
    }
    const progress = this.#readBody(piece, end, size, headOnly, wantsBody);
    if (progress === INCOMPLETE) this.#keepHead(piece, end);
    return progress;
  }

  /** The stream has ended. `COMPLETE` when that was the end of the body, else `INCOMPLETE`. */
  end(): Progress {
    return this.#state === 'body' && this.#body.framing === 'close' ? this.#ended(0, 0) : INCOMPLETE;
  }

  #begin(): void {
    this.surplus = 0;
    this.#setCookies = null;
    this.#heldSize = 0;
    if (this.#held.length > HELD_KEPT) this.#held = EMPTY;
  }

  /** Reads the head at the start of the piece, or recalls it. */
  #wholeHead(piece: Buffer, size: number): number {
    const shape = this.#shapes.find(piece, size);
    if (shape !== null) {
      this.#head.recall(shape);
      return shape.end;
    }
    this.#state = 'head';
    this.#head.begin(0);
    const end = this.#readHead(piece, size);
    if (end >= 0 && this.#head.start === 0) this.#shapes.missed(piece, size, this.#head, end);
    return end;
  }

  /** Goes on with a head whose beginning is held. */
  #readOn(piece: Buffer, size: number, headOnly: boolean, wantsBody: boolean): Progress {
    const bytes = this.#hold(piece, 0, size);
    const to = this.#heldSize;
    const end = this.#readHead(bytes, to);
    if (end >= 0) return this.#readBody(bytes, end, to, headOnly, wantsBody);
    if (end === INCOMPLETE) this.#keepHead(bytes, to);
    return end as Progress;
  }

  #readBody(bytes: Buffer, from: number, to: number, headOnly: boolean, wantsBody: boolean): Progress {
    this.#body.begin(framing(this.#head, headOnly), this.#head.length, wantsBody);
    this.#state = 'body';
    this.#bytes = bytes;
    return this.#ended(this.#body.read(bytes, from, to), to);
  }

  /** Reads heads until one is not interim. The place behind it, or a `Progress`. */
  #readHead(bytes: Buffer, to: number): number {
    const head = this.#head;
    for (;;) {
      const end = head.read(bytes, to);
      if (end === MALFORMED) return MALFORMED;
      if ((end === INCOMPLETE ? to : end) - head.start > HEAD_LIMIT) return OVERSIZED;
      if (end === INCOMPLETE || head.status >= 200) return end;
      // Nobody asked for another protocol.
      if (head.status === 101) return MALFORMED;
      head.begin(end);
    }
  }

  #ended(end: number, to: number): Progress {
    if (end < 0) return end as Progress;
    this.#state = 'fresh';
    this.surplus = to - end;
    return COMPLETE;
  }

  /** Copies the head read so far, up to `to`, out of the reused piece. */
  #keepHead(bytes: Buffer, to: number): void {
    const start = this.#head.start;
    if (bytes === this.#held && start === 0) return;
    this.#heldSize = 0;
    this.#bytes = this.#hold(bytes, start, to);
    this.#head.moved(start);
  }

  #hold(bytes: Buffer, from: number, to: number): Buffer {
    const size = this.#heldSize + to - from;
    if (size > this.#held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(size, 2 * this.#held.length, 512));
      this.#held.copy(larger, 0, 0, this.#heldSize);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#heldSize, from, to);
    this.#heldSize = size;
    return this.#held;
  }

  #texts(places: readonly number[]): readonly string[] {
    const texts: string[] = [];
    for (let place = 0; place < places.length; place += 2) texts.push(this.#bytes.toString('latin1', places[place], places[place + 1]));
    return texts;
  }

  #span(place: number): number {
    const span = this.#head.spans[place];
    if (span === undefined) throw new RangeError(`there is no watched header ${Math.floor(place / 2)}`);
    return span;
  }
}

/** RFC 9112 6.3. */
function framing(head: Head, headOnly: boolean): Framing {
  if (headOnly || head.status === 204 || head.status === 304) return 'none';
  if (head.transfer !== 'plain') return head.transfer === 'chunked' ? 'chunked' : 'close';
  return head.length < 0 ? 'close' : 'length';
}
