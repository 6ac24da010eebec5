import { describe, expect, it } from 'vitest';
import { median, pairedRatios, quantile, slope, spread } from './figures.ts';

describe('median', () => {
  it('is the middle value, or the mean of the two in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
  });

  it('orders numbers as numbers', () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it('has nothing to say of no values', () => {
    expect(() => median([])).toThrow('no values');
  });
});

describe('quantile', () => {
  it('is the smallest value that so large a share does not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.5, 0.99, 0.995, 1].map((share) => quantile(hundred, share))).toEqual([1, 50, 99, 100, 100]);
    expect(quantile([5], 0.99)).toBe(5);
  });

  it('has nothing to say of no values', () => {
    expect(() => quantile([], 0.5)).toThrow('no values');
  });
});

describe('pairedRatios', () => {
  const values = (...each: number[]) => each.map((value, round) => ({ round, value }));

  it('divides by the yardstick of the same round, so that a slow round cancels out', () => {
    expect(pairedRatios(values(15, 30), values(10, 20))).toEqual([1.5, 1.5]);
  });

  it('leaves out rounds that only one of them has', () => {
    expect(pairedRatios(values(15, 30, 8), [{ round: 2, value: 4 }])).toEqual([2]);
  });
});

describe('spread', () => {
  it('tells the middle, the ends and how many there were', () => {
    expect(spread([2, 8, 3])).toEqual({ median: 3, low: 2, high: 8, n: 3 });
  });

  it('is null for no values', () => {
    expect(spread([])).toBe(null);
  });
});

describe('slope', () => {
  it('is what a straight line gains for each step', () => {
    expect(slope([0, 1, 2, 3].map((x) => ({ x, y: 7 - 2 * x })))).toBe(-2);
  });

  it('takes the line with the least squared distance', () => {
    // By hand: means 1 and 2, covariance 2, variance 2.
    expect(
      slope([
        { x: 0, y: 1 },
        { x: 1, y: 2 },
        { x: 2, y: 3 },
      ]),
    ).toBe(1);
    expect(
      slope([
        { x: 0, y: 0 },
        { x: 1, y: 6 },
        { x: 2, y: 0 },
      ]),
    ).toBe(0);
  });

  it('is not known from one place', () => {
    expect([
      slope([]),
      slope([{ x: 1, y: 2 }]),
      slope([
        { x: 1, y: 2 },
        { x: 1, y: 3 },
      ]),
    ]).toEqual([null, null, null]);
  });
});
