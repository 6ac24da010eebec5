// Heads that come again. Most answers of one server differ from earlier ones in a few values of the same length: those are not scanned anew.
//
// Subtleness ahead. A head is learned as bytes of two kinds: fixed ones, and free ones, which are the visible characters in values that mean
// nothing to the scanner. A later head whose fixed bytes are the same, and whose free bytes are visible characters, has the same lines in the
// same places: scanning it would come to the same. That is shown against the scanner itself in shapes.test.ts.

import { blank, COLON, CR } from './bytes.ts';
import type { Head, KnownHead, Transfer } from './head.ts';
import { findName, type NameTable } from './names.ts';

/** Heads longer than this are not learned. */
const LONGEST = 4 * 1024;
/** Shapes are kept by the size of the piece that they came in, modulo this. */
const PLACES = 512;
/** A shape that saw fewer answers than this was not worth the learning. */
const WORTH = 16;
const LONGEST_WAIT = 4096;

/** `H`: the status line comes first, without empty lines before it. */
const FIRST = 0x48;
/** Four visible characters. */
const VISIBLE = 0x41414141;
const ALL = 0xff;

/** A head that was read once, in words of four bytes. */
export class Shape implements KnownHead {
  readonly status: number;
  readonly length: number;
  readonly transfer: Transfer;
  readonly keepAlive: boolean;
  readonly end: number;
  readonly spans: Int32Array;
  readonly cookies: readonly number[];
  readonly #words: Int32Array;
  /** Bits that must be as they were; where neither `#fixed` nor `#free`, the head is over. */
  readonly #fixed: Int32Array;
  readonly #free: Int32Array;

  constructor(head: Head, bytes: Buffer, end: number, names: NameTable) {
    this.status = head.status;
    this.length = head.length;
    this.transfer = head.transfer;
    this.keepAlive = head.keepAlive;
    this.end = end;
    this.spans = head.spans.slice();
    this.cookies = [...head.cookies];
    const size = Math.ceil(end / 4);
    this.#words = new Int32Array(size);
    this.#fixed = new Int32Array(size);
    this.#free = new Int32Array(size);
    const fixed = bytesOf(this.#fixed);
    const free = bytesOf(this.#free);
    bytesOf(this.#words).set(bytes.subarray(0, end));
    markFree(free, bytes, names);
    for (let at = 0; at < end; at++) if (free[at] === 0) fixed[at] = ALL;
  }

  /** Whether the head at the start of `words` is of this shape. */
  fits(words: Int32Array): boolean {
    const known = this.#words;
    for (let place = 0; place < known.length; place++) {
      const word = words[place] as number;
      const changed = word ^ (known[place] as number);
      if (changed === 0) continue;
      const free = this.#free[place] as number;
      if ((changed & (this.#fixed[place] as number)) !== 0 || !visible((word & free) | (VISIBLE & ~free))) return false;
    }
    return true;
  }
}

/**
 * Whether each of the four bytes is from 0x21 to 0x7e. With the high bit clear, adding 0x5f sets it from 0x21 on and adding 1 sets it for
 * 0x7f, and no byte carries into the next.
 */
function visible(word: number): boolean {
  return ((word + 0x5f5f5f5f) & ~(word + 0x01010101) & ~word & 0x80808080) === (0x80808080 | 0);
}

/** Marks the visible characters of values without a meaning, in a head that has been read. */
function markFree(free: Uint8Array, bytes: Buffer, names: NameTable): void {
  let at = bytes.indexOf(CR) + 2;
  while (bytes[at] !== CR) {
    const colon = bytes.indexOf(COLON, at);
    const end = bytes.indexOf(CR, colon);
    const meaning = findName(names, bytes, at, colon)?.meaning ?? 'nothing';
    if (meaning === 'nothing' || meaning === 'cookie') {
      for (let place = colon + 1; place < end; place++) if (!blank(bytes[place] as number)) free[place] = ALL;
    }
    at = end + 2;
  }
}

function bytesOf({ buffer }: Int32Array): Uint8Array {
  return new Uint8Array(buffer);
}

/** What is known of pieces of one size. */
interface Slot {
  size: number;
  shape: Shape | null;
  /** Answers that the shape fitted. */
  hits: number;
  /** Answers that will be scanned before the next is learned, and how many it were the last time. */
  wait: number;
  lastWait: number;
}

/** The shapes of one target's answers, all read into one buffer. */
export class Shapes {
  readonly #receive: Buffer;
  readonly #words: Int32Array;
  readonly #names: NameTable;
  readonly #slots: readonly Slot[] = Array.from({ length: PLACES }, () => ({ size: 0, shape: null, hits: WORTH, wait: 0, lastWait: 0 }));

  /** `receive`: its memory begins at a multiple of four, as that of a buffer with memory of its own does. */
  constructor(receive: Buffer, names: NameTable) {
    this.#receive = receive;
    this.#words = new Int32Array(receive.buffer, receive.byteOffset, receive.length >> 2);
    this.#names = names;
  }

  /** The shape of the head at the start of a piece of `size` bytes; null when none that is known fits. */
  find(piece: Buffer, size: number): Shape | null {
    const slot = this.#slots[size % PLACES] as Slot;
    const { shape } = slot;
    if (shape === null || slot.size !== size || piece !== this.#receive || !shape.fits(this.#words)) return null;
    slot.hits++;
    return shape;
  }

  /**
   * No shape fitted, and the piece turned out to begin with a whole head, up to `end`. It is learned when it is the second of its size in a
   * row; when learning was not worth it, the next one waits twice as long. So answers of which no two are alike cost next to nothing.
   */
  missed(piece: Buffer, size: number, head: Head, end: number): void {
    if (piece !== this.#receive || piece[0] !== FIRST || end > LONGEST) return;
    const slot = this.#slots[size % PLACES] as Slot;
    if (slot.size !== size) {
      slot.size = size;
      slot.shape = null;
    } else if (slot.wait > 0) {
      slot.wait--;
    } else {
      slot.lastWait = slot.hits < WORTH ? Math.min(LONGEST_WAIT, 2 * slot.lastWait + 1) : 0;
      slot.wait = slot.lastWait;
      slot.hits = 0;
      slot.shape = new Shape(head, piece, end, this.#names);
    }
  }
}
