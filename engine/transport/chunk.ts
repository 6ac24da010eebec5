// The framing of a chunked body (RFC 9112 7.1), one byte after the other. Extensions and trailers are checked and skipped.

import { COLON, CR, HEX, LF, NAME, SEMICOLON, VALUE } from './bytes.ts';
import { MALFORMED } from './progress.ts';

/** Where in the framing the next byte belongs. */
export const FIRST_SIZE = 0;
export const SIZE = 1;
const EXTENSION = 2;
const SIZE_LF = 3;
/** Inside the data of a chunk; with nothing left of it, at the CR behind it. */
export const DATA = 4;
const DATA_LF = 5;
const TRAILER = 6;
const TRAILER_NAME = 7;
const TRAILER_VALUE = 8;
const TRAILER_LF = 9;
const LAST_LF = 10;
/** Behind the last byte of the body. */
export const END = 11;

/** Where the byte after `byte` belongs, or `MALFORMED`. `left`: bytes of the current chunk still to come. */
export function nextFrame(frame: number, byte: number, left: number): number {
  switch (frame) {
    case FIRST_SIZE:
      return HEX[byte] !== 0 ? SIZE : MALFORMED;
    case SIZE:
      if (HEX[byte] !== 0) return SIZE;
      return byte === SEMICOLON ? EXTENSION : only(CR, byte, SIZE_LF);
    case EXTENSION:
      return VALUE[byte] !== 0 ? EXTENSION : only(CR, byte, SIZE_LF);
    case SIZE_LF:
      return only(LF, byte, left === 0 ? TRAILER : DATA);
    case DATA:
      return only(CR, byte, DATA_LF);
    case DATA_LF:
      return only(LF, byte, FIRST_SIZE);
    case TRAILER:
      return NAME[byte] !== 0 ? TRAILER_NAME : only(CR, byte, LAST_LF);
    case TRAILER_NAME:
      return NAME[byte] !== 0 ? TRAILER_NAME : only(COLON, byte, TRAILER_VALUE);
    case TRAILER_VALUE:
      return VALUE[byte] !== 0 ? TRAILER_VALUE : only(CR, byte, TRAILER_LF);
    case TRAILER_LF:
      return only(LF, byte, TRAILER);
    case LAST_LF:
      return only(LF, byte, END);
    default:
      throw new Error(`no byte belongs to frame ${frame}`);
  }
}

/** A chunk size with one more digit. */
export function sizeWith(size: number, digit: number): number {
  return size * 16 + (HEX[digit] as number) - 1;
}

function only(expected: number, byte: number, next: number): number {
  return byte === expected ? next : MALFORMED;
}
