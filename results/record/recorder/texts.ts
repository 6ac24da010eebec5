// Texts as UTF-8, all of a row group at one go.

/** The bytes of a text by its number. */
export type Texts = (text: number) => Uint8Array;

const encoder = new TextEncoder();

/** Encodes each text at most once, though a session may stand in three dictionaries. */
export function textBytes(texts: readonly string[]): Texts {
  const all = texts.join('');
  const bytes = encoder.encode(all);
  const known = new Array<Uint8Array | undefined>(texts.length);
  // As many bytes as characters: all are ASCII, and each text's bytes stand where its characters stood.
  const ends = bytes.length === all.length ? endsOf(texts) : null;
  return (text) => {
    const before = known[text];
    if (before !== undefined) return before;
    const own = ends === null ? encoder.encode(texts[text]) : bytes.subarray(text === 0 ? 0 : ends[text - 1], ends[text]);
    known[text] = own;
    return own;
  };
}

function endsOf(texts: readonly string[]): Int32Array {
  const ends = new Int32Array(texts.length);
  let end = 0;
  for (const [place, { length }] of texts.entries()) {
    end += length;
    ends[place] = end;
  }
  return ends;
}
