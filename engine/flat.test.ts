import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flat, flatText } from './flat.ts';

describe('a flat copy', () => {
  it('is the same text, of any length and in any script', () => {
    const latin1 = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 40 });
    fc.assert(
      fc.property(latin1, fc.nat(200), fc.string({ unit: 'binary' }), (text, times, any) => {
        expect([flat(text.repeat(times)), flatText(any)]).toEqual([text.repeat(times), any]);
      }),
    );
    expect(flatText('\ud800 alone, and \u4e16\u754c')).toBe('\ud800 alone, and \u4e16\u754c');
    expect(flat('x'.repeat(10_000))).toBe('x'.repeat(10_000));
  });
});
