// Texts by number: a backend, a phase or a key is named in every entry, and a number is quicker to compare and to keep.

/** Numbered from 0 in the order in which they were first asked for. */
export interface Names {
  readonly texts: string[];
  readonly codes: Map<string, number>;
}

/** The number that stands for no text at all. */
export const NO_NAME = -1;

export function namesOf(texts: readonly string[]): Names {
  return { texts: [...texts], codes: new Map(texts.map((text, code) => [text, code])) };
}

/** So many are compared one after the other: a name that comes again is mostly the very same text, which is known without reading it. */
const FEW = 8;

export function codeOf({ texts, codes }: Names, text: string): number {
  const few = Math.min(texts.length, FEW);
  for (let code = 0; code < few; code += 1) if (texts[code] === text) return code;
  const known = codes.get(text);
  if (known !== undefined) return known;
  codes.set(text, texts.length);
  return texts.push(text) - 1;
}

export function codeOrNone(names: Names, text: string | null): number {
  return text === null ? NO_NAME : codeOf(names, text);
}

export function nameOf({ texts }: Names, code: number): string | null {
  return texts[code] ?? null;
}
