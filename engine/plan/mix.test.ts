import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share, weighted } from './mix.ts';

describe('mixing users over weights', () => {
  it('lays the alternatives side by side', () => {
    expect([0, 0.24, 0.25, 0.49, 0.5, 0.99].map((point) => weighted([1, 1, 2], point))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(weighted([0, 5, 0], 0)).toBe(1);
    expect(weighted([7], 0.999)).toBe(0);
  });

  it('gives the same user the same alternative', () => {
    const shares = Array.from({ length: 20 }, (_, user) => share([80, 20], 1, user, 'egress'));
    expect(shares.join('')).toBe('10000000000001000100');
  });

  it('keeps any run of users within a few of the weights', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.nat(), fc.nat(1_000_000), fc.integer({ min: 1, max: 3000 }), (list, seed, first, count) => {
        const total = list.reduce((sum, weight) => sum + weight, 0);
        const taken = list.map(() => 0);
        for (let user = first; user < first + count; user += 1) taken[share(list, seed, user, 'scenario')]! += 1;
        taken.forEach((number, index) => {
          expect(Math.abs(number - (count * (list[index] ?? 0)) / total)).toBeLessThan(6);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('mixes egress and scenario independently of each other', () => {
    const both = [0, 0, 0, 0];
    for (let user = 0; user < 10_000; user += 1) both[2 * share([1, 1], 5, user, 'egress') + share([1, 1], 5, user, 'scenario')]! += 1;
    for (const count of both) expect(Math.abs(count - 2500)).toBeLessThan(20);
  });
});
