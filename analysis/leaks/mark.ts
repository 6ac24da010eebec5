// What a session is known by, as numbers: the core of its id, or its owner's nonce.

/**
 * The keyed hashes of a record are hex digits: 16 for the core of an id, 12 for a nonce. As two numbers of 32 bits they say it all, need no
 * memory of their own and are their own hash. Any other text has `odd`, and two numbers made from it.
 */
export interface Mark {
  readonly high: number;
  readonly low: number;
  readonly odd: string | null;
}

/** The mark that `text` is up to `end`, where marks have so many hex digits, at most 16. */
export function markOf(text: string, end: number, digits: number): Mark {
  if (end !== digits) return oddMark(text.slice(0, end));
  const split = Math.max(0, digits - 8);
  const high = hexIn(text, 0, split);
  const low = hexIn(text, split, end);
  return high === NOT_HEX || low === NOT_HEX ? oddMark(text.slice(0, end)) : { high: high | 0, low: low | 0, odd: null };
}

const NOT_HEX = -1;

/** What each character is as a hex digit. Lower case only: then the number says the whole text. */
const DIGITS = digits();

function digits(): Int8Array {
  const values = new Int8Array(128).fill(NOT_HEX);
  for (let value = 0; value < 16; value += 1) values[value.toString(16).charCodeAt(0)] = value;
  return values;
}

/** Up to eight digits as a number from 0 to 2^32 - 1. */
function hexIn(text: string, from: number, to: number): number {
  let value = 0;
  let all = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    const digit = code < 128 ? (DIGITS[code] as number) : NOT_HEX;
    all |= digit;
    value = (value << 4) | digit;
  }
  return all < 0 ? NOT_HEX : value >>> 0;
}

/** FNV-1a, and a second one over its states (http://www.isthe.com/chongo/tech/comp/fnv/). */
function oddMark(odd: string): Mark {
  let high = 0x811c9dc5;
  let low = 0;
  for (let at = 0; at < odd.length; at += 1) {
    high = Math.imul(high ^ odd.charCodeAt(at), 0x01000193);
    low = Math.imul(low ^ high, 0x01000193);
  }
  return { high, low, odd };
}
