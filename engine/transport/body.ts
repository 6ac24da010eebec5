// Reads the body of an answer in each of its framings, counts it, and keeps it only when somebody wants it.

import { DATA, END, FIRST_SIZE, nextFrame, SIZE, sizeWith } from './chunk.ts';
import { INCOMPLETE, MALFORMED, OVERSIZED } from './progress.ts';

/** `none`: no body whatever the headers say. `close`: everything up to the end of the stream. */
export type Framing = 'none' | 'length' | 'chunked' | 'close';

/** Most bytes of one chunk-size line with its extensions, the trailer counted with the last one. */
const LINE_LIMIT = 64 * 1024;
/** Storage above this size is given back after each answer. */
const STORE_KEPT = 64 * 1024;
const EMPTY = Buffer.alloc(0);

export class Body {
  framing: Framing = 'none';
  /** Bytes of the body so far, framing not counted. */
  count = 0;
  readonly #limit: number;
  #keep = false;
  #store: Buffer = EMPTY;
  /** Bytes to come of this body or chunk. */
  #left = 0;
  #frame = FIRST_SIZE;
  #line = 0;

  /** `limit`: largest body read, in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  begin(framing: Framing, length: number, keep: boolean): void {
    this.framing = framing;
    this.count = 0;
    this.#left = framing === 'length' ? length : 0;
    this.#keep = keep;
    this.#frame = FIRST_SIZE;
    this.#line = 0;
    if (this.#store.length > STORE_KEPT) this.#store = EMPTY;
  }

  /** The body as UTF-8 text, empty unless it is kept. */
  text(): string {
    return this.#keep ? this.#store.toString('utf8', 0, this.count) : '';
  }

  /** Reads on. Returns the place behind the body, `INCOMPLETE`, `MALFORMED` or `OVERSIZED`. */
  read(bytes: Buffer, from: number, to: number): number {
    switch (this.framing) {
      case 'none':
        return from;
      case 'length': {
        if (this.#left > this.#limit - this.count) return OVERSIZED;
        const end = this.#take(bytes, from, to);
        return this.#left === 0 ? end : INCOMPLETE;
      }
      case 'close':
        if (to - from > this.#limit - this.count) return OVERSIZED;
        this.#left = to - from;
        this.#take(bytes, from, to);
        return INCOMPLETE;
      case 'chunked':
        return this.#chunks(bytes, from, to);
    }
  }

  #chunks(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to) {
      if (this.#frame === DATA && this.#left > 0) {
        at = this.#take(bytes, at, to);
        continue;
      }
      const byte = bytes[at++] as number;
      const frame = nextFrame(this.#frame, byte, this.#left);
      if (frame === MALFORMED) return MALFORMED;
      if (frame === END) return at;
      if (frame === FIRST_SIZE) this.#line = 0;
      else if (++this.#line > LINE_LIMIT) return OVERSIZED;
      if (frame === SIZE) {
        this.#left = sizeWith(this.#left, byte);
        if (this.#left > this.#limit - this.count) return OVERSIZED;
      }
      this.#frame = frame;
    }
    return INCOMPLETE;
  }

  /** Takes what is there of the `#left` bytes; returns the place behind them. */
  #take(bytes: Buffer, from: number, to: number): number {
    const size = Math.min(this.#left, to - from);
    if (this.#keep && size > 0) {
      this.#makeRoom(this.count + size);
      bytes.copy(this.#store, this.count, from, from + size);
    }
    this.count += size;
    this.#left -= size;
    return from + size;
  }

  #makeRoom(size: number): void {
    if (size <= this.#store.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(size, 2 * this.#store.length, 1024));
    this.#store.copy(larger, 0, 0, this.count);
    this.#store = larger;
  }
}
