// What each byte may be in an HTTP/1.1 message, as lookup tables.
//
// Subtleness ahead: the scanner reads `bytes[at]` in place. A helper that reads a byte for everybody sees several kinds of array, is compiled
// for all of them, and makes a head cost half as much again.

const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const COMMA = 0x2c;
export const ZERO = 0x30;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;

/** The byte in lower case where it may stand in a header name (a `token`, RFC 9110 5.6.2), else 0. */
export const NAME: Uint8Array = tableOf((byte) => {
  const character = String.fromCharCode(byte);
  return /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(character) ? character.toLowerCase().charCodeAt(0) : 0;
});

/** 1 where the byte may stand in a header value: tab, visible ASCII, space and 0x80 to 0xff (RFC 9110 5.5), else 0. */
export const VALUE: Uint8Array = tableOf((byte) => (byte === TAB || (byte >= SPACE && byte !== 0x7f) ? 1 : 0));

/** The worth of a hexadecimal digit plus one, else 0. */
export const HEX: Uint8Array = tableOf((byte) => {
  const character = String.fromCharCode(byte);
  return /[0-9A-Fa-f]/.test(character) ? Number.parseInt(character, 16) + 1 : 0;
});

/** Whether the byte is optional whitespace around a header value. */
export function blank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function tableOf(entry: (byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => entry(byte));
}
