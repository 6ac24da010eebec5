import { describe, expect, it } from 'vitest';
import { wilson } from './intervals.ts';

const rounded = (pair: readonly [number, number] | null) => pair?.map((end) => Number(end.toFixed(4)));

describe('wilson', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
  it('gives the tabulated intervals', () => {
    expect(rounded(wilson(81, 263))).toEqual([0.2553, 0.3662]);
    expect(rounded(wilson(15, 148))).toEqual([0.0624, 0.1605]);
    expect(rounded(wilson(0, 20))).toEqual([0, 0.1611]);
    expect(rounded(wilson(1, 29))).toEqual([0.0061, 0.1718]);
  });

  it('mirrors itself', () => {
    expect(rounded(wilson(29, 29))).toEqual([0.883, 1]);
    expect(rounded(wilson(0, 29))).toEqual([0, 0.117]);
  });

  it('has nothing to say without observations', () => {
    expect(wilson(0, 0)).toBeNull();
  });
});
