import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { QUANTILES } from '../model/setup.ts';
import { addDistribution, count, decodeDistribution, emptyDistribution, encodeDistribution, quantilesOf } from './histogram.ts';

const LONGEST = 600_000_000;
const times = fc.array(fc.oneof(fc.nat(3000), fc.nat(LONGEST), fc.constantFrom(0, 2047, 2048, 4095, 4096, LONGEST - 1, LONGEST)), {
  minLength: 1,
  maxLength: 300,
});

const distributionOf = (all: readonly number[]) => {
  const distribution = emptyDistribution();
  for (const time of all) count(distribution, time);
  return distribution;
};

describe('a distribution', () => {
  it('has the quantiles that HdrHistogram gives for the same times', () => {
    fc.assert(
      fc.property(times, (all) => {
        const reference = build({
          highestTrackableValue: LONGEST,
          numberOfSignificantValueDigits: 3,
          bitBucketSize: 32,
          autoResize: false,
        });
        for (const time of all) reference.recordValue(time);
        const max = Math.max(...all);
        expect(quantilesOf(distributionOf(all), QUANTILES)).toEqual(
          QUANTILES.map((quantile) => Math.min(max, reference.getValueAtPercentile(quantile * 100))),
        );
      }),
    );
  });

  it('counts in the very slots of HdrHistogram', () => {
    const reference = build({
      highestTrackableValue: LONGEST,
      numberOfSignificantValueDigits: 3,
      bitBucketSize: 32,
      autoResize: false,
    }) as unknown as {
      countsArrayIndex(time: number): number;
    };
    for (let time = 0; time <= LONGEST; time = Math.max(time + 1, Math.round(time * 1.003))) {
      expect(distributionOf([time]).counts[reference.countsArrayIndex(time)]).toBe(1);
    }
  });

  it('of two parts is that of the whole, and survives the journey', () => {
    fc.assert(
      fc.property(times, times, (some, others) => {
        const sum = distributionOf(some);
        addDistribution(sum, decodeDistribution(JSON.parse(JSON.stringify(encodeDistribution(distributionOf(others))))));
        expect(sum).toEqual(distributionOf([...some, ...others]));
      }),
      { numRuns: 20 },
    );
  });

  it('counts a time beyond ten minutes as ten minutes, and none below zero', () => {
    const distribution = distributionOf([LONGEST + 5]);
    expect({ ...distribution, counts: 0 }).toEqual({ counts: 0, n: 1, sum: LONGEST, min: LONGEST, max: LONGEST });
    expect(() => count(distribution, -1)).toThrow('negative time: -1 µs');
  });

  it('has no quantiles before anything is counted', () => {
    expect(quantilesOf(emptyDistribution(), [0.5, 1])).toEqual([null, null]);
  });
});
