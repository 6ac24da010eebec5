// Copies of text that hold on to nothing else.

/** Below this many characters V8 copies a slice anyway (SlicedString::kMinLength, ConsString::kMinLength). */
const COPIED_ANYWAY = 13;

const scratch = Buffer.alloc(4096);

/**
 * The same text in a piece of its own. A slice keeps the whole that it was cut from alive, and what was put together keeps its parts: of a
 * session id that a user holds for minutes that would be the header it came in. All characters must be latin1 (one a byte).
 */
export function flat(text: string): string {
  if (text.length < COPIED_ANYWAY) return text;
  if (text.length > scratch.length) return Buffer.from(text, 'latin1').toString('latin1');
  return scratch.toString('latin1', 0, scratch.write(text, 0, 'latin1'));
}

/** The same for any text. */
export function flatText(text: string): string {
  if (/^[^\u0100-\uffff]*$/.test(text)) return flat(text);
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
