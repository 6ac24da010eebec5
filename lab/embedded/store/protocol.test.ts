import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineReader } from './protocol.ts';

describe('lineReader', () => {
  it('gives the same lines however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string().map((text) => text.replaceAll('\n', ' '))), fc.array(fc.nat(8)), (lines, cuts) => {
        const seen: string[] = [];
        const read = lineReader((line) => seen.push(line));
        let text = lines.map((line) => `${line}\n`).join('');
        for (const cut of cuts) {
          read(text.slice(0, cut));
          text = text.slice(cut);
        }
        read(text);
        expect(seen).toEqual(lines);
      }),
    );
  });
});
