import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permute } from './permute.ts';

describe('a permutation', () => {
  it('is the same for the same seed', () => {
    expect(Array.from({ length: 10 }, (_, place) => permute(place, 10, 3))).toEqual([5, 8, 9, 2, 7, 3, 1, 4, 0, 6]);
  });

  it('meets every place exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer(), (size, seed) => {
        const met = new Set(Array.from({ length: size }, (_, place) => permute(place, size, seed)));
        expect(met.size).toBe(size);
        expect(Math.min(...met)).toBe(0);
        expect(Math.max(...met)).toBe(size - 1);
      }),
    );
  });

  it('holds for all /24s of the internet too', () => {
    const size = 2 ** 24;
    const met = new Set(Array.from({ length: 10_000 }, (_, place) => permute(place, size, 9)));
    expect(met.size).toBe(10_000);
    expect(Math.max(...met)).toBeLessThan(size);
  });
});
