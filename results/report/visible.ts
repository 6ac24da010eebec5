// Text from outside made safe to print: nothing in it can move the cursor, colour the screen or hide.

/** Control, formatting (bidi, zero-width), private-use and unpaired surrogate characters, and the two Unicode line ends. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Shows each such character as its escape: `\u{1b}` for ESC. Everything else stays as it is. */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Printable ASCII: nearly every text there is, one column each. */
const PLAIN = /^[ -~]*$/;

/** Columns that a text takes on a terminal: none for combining marks, two for East Asian wide characters and emoji. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

/** The text in exactly `width` columns, padded with blanks, or cut with an ellipsis. */
export function padded(text: string, width: number, align: 'left' | 'right'): string {
  const shown = columnsOf(text) <= width ? text : cut(text, width);
  const blanks = ' '.repeat(Math.max(0, width - columnsOf(shown)));
  return align === 'left' ? shown + blanks : blanks + shown;
}

/** Lines of at most `width` columns, broken at blanks, or inside a word that is longer than a line. At least one line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = chop(word, width);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return [...lines, line];
}

function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Hangul, CJK, kana, fullwidth forms and emoji: near enough to East Asian Width W and F (Unicode TR 11) for aligning. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

function cut(text: string, width: number): string {
  let kept = '';
  let columns = 0;
  for (const character of text) {
    columns += widthOf(character);
    if (columns > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function chop(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && columnsOf(piece + character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
