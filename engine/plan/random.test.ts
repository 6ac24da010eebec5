import { describe, expect, it } from 'vitest';
import { exponential, pick, type Random, random, uniform } from './random.ts';

const draws = (stream: Random, count: number): readonly number[] => Array.from({ length: count }, () => uniform(stream));

describe('a random stream', () => {
  it('gives the same numbers for the same seed, user and purpose', () => {
    expect(draws(random(1, 0, 'think'), 4)).toEqual([0.1152298916131258, 0.23053904180414975, 0.3684742453042418, 0.011770451907068491]);
    expect(draws(random(1, 0, 'think'), 4)).toEqual([0.1152298916131258, 0.23053904180414975, 0.3684742453042418, 0.011770451907068491]);
  });

  it('shares no number with the streams of other seeds, users and purposes', () => {
    const streams = [
      random(1, 0, 'think'),
      random(2, 0, 'think'),
      random(2 ** 32 + 1, 0, 'think'),
      random(1, 1, 'think'),
      random(1, 0, 'egress'),
    ];
    const all = streams.flatMap((stream) => draws(stream, 1000));
    expect(new Set(all).size).toBe(5000);
  });

  it('fills its range evenly, over users as over draws (chi-square on 15 degrees, 99.9 %: 37.7)', () => {
    const firsts = Array.from({ length: 100_000 }, (_, user) => uniform(random(1, user, 'think')));
    expect(chiSquare(firsts, 16)).toBeCloseTo(13.234, 3);
    expect(chiSquare(draws(random(1, 0, 'think'), 100_000), 16)).toBeLessThan(37.7);
  });

  it('draws exponential times of the mean asked for', () => {
    const stream = random(3, 0, 'egress');
    const times = Array.from({ length: 100_000 }, () => exponential(stream, 500));
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    // Standard error of the mean: 500 / sqrt(100000) = 1.6.
    expect(Math.abs(mean - 500)).toBeLessThan(5);
  });

  it('picks whole numbers below the count', () => {
    const stream = random(4, 0, 'egress');
    const picks = Array.from({ length: 1000 }, () => pick(stream, 3));
    expect([...new Set(picks)].sort()).toEqual([0, 1, 2]);
  });
});

function chiSquare(values: readonly number[], bins: number): number {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.floor(value * bins)]! += 1;
  const expected = values.length / bins;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
