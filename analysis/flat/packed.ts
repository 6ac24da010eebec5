// Lists of whole numbers as text: what a million users leave travels between workers as JSON and is still small.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const VALUES = valuesOf(CODES);

/** Each digit has five bits of a number, the first one four and the sign; the sixth says that more follow. */
const FIRST = 16;
const RADIX = 32;
const MORE = 32;

/** Digits of the longest difference, 2^53. */
const LONGEST = 11;

/**
 * Base 64 VLQ, as in source maps: of each number the difference to the one before, five bits a digit, the lowest first, the sign below them.
 * Numbers are whole, and no two of them 2^53 apart. What repeats or rises slowly takes one character each.
 */
export function pack(numbers: ArrayLike<number>): string {
  let bytes = new Uint8Array(Math.max(64, numbers.length * 2));
  let length = 0;
  let last = 0;
  for (let i = 0; i < numbers.length; i += 1) {
    if (length + LONGEST > bytes.length) bytes = doubled(bytes);
    const value = numbers[i] as number;
    length = write(bytes, length, value - last);
    last = value;
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}

/** @throws when the text is not one that `pack` made. */
export function unpack(text: string): Float64Array {
  const numbers = new Float64Array(countIn(text));
  let at = 0;
  let last = 0;
  for (let i = 0; i < numbers.length; i += 1) {
    let digit = digitAt(text, at);
    const negative = (digit & 1) !== 0;
    let size = (digit & (RADIX - 1)) >> 1;
    for (let scale = FIRST; digit >= MORE; scale *= RADIX) {
      at += 1;
      digit = digitAt(text, at);
      size += (digit & (RADIX - 1)) * scale;
    }
    at += 1;
    last += negative ? -size : size;
    numbers[i] = last;
  }
  return numbers;
}

/** Writes one difference and returns where the next goes. */
function write(bytes: Uint8Array, from: number, difference: number): number {
  const size = Math.abs(difference);
  let rest = Math.floor(size / FIRST);
  let digit = (size - rest * FIRST) * 2 + (difference < 0 ? 1 : 0);
  let at = from;
  while (rest > 0) {
    bytes[at] = CODES[digit + MORE] as number;
    const next = Math.floor(rest / RADIX);
    digit = rest - next * RADIX;
    rest = next;
    at += 1;
  }
  bytes[at] = CODES[digit] as number;
  return at + 1;
}

function doubled(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}

/** Every number ends with the one digit of its that is below `MORE`. */
function countIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (digitAt(text, at) < MORE) count += 1;
  return count;
}

function digitAt(text: string, at: number): number {
  const value = VALUES[text.charCodeAt(at)];
  if (value === undefined || value < 0) throw new Error(`not packed numbers: ${JSON.stringify(text.slice(at, at + 8))}`);
  return value;
}

function valuesOf(codes: Uint8Array): Int8Array {
  const values = new Int8Array(128).fill(-1);
  codes.forEach((code, value) => {
    values[code] = value;
  });
  return values;
}
