import { describe, expect, it } from 'vitest';
import { codeOf, codeOrNone, NO_NAME, nameOf, namesOf } from './names.ts';

describe('names', () => {
  it('are numbered in the order in which they came, and keep their numbers', () => {
    const names = namesOf(['b0']);
    const asked = Array.from({ length: 20 }, (_, i) => `b${i}`);
    expect(asked.map((text) => codeOf(names, text))).toEqual(asked.map((_, i) => i));
    expect(asked.toReversed().map((text) => codeOf(names, text))).toEqual(asked.map((_, i) => 19 - i));
    expect([nameOf(names, 0), nameOf(names, 19)]).toEqual(['b0', 'b19']);
  });

  it('have a number for nothing', () => {
    expect(codeOrNone(namesOf([]), null)).toBe(NO_NAME);
    expect(nameOf(namesOf(['a']), NO_NAME)).toBe(null);
  });
});
