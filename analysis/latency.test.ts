import { describe, expect, it } from 'vitest';
import type { Entry } from '../model/entry.ts';
import { seconds } from '../model/units.ts';
import { answered, lost, refused, setupOf } from './histories.ts';
import { latency } from './latency.ts';
import { analyzerLaws } from './laws.ts';

analyzerLaws(latency);

/** Values by measure, of those with exactly these labels besides quantile and stat. */
const told = (entries: readonly Entry[], labels: Record<string, string> = {}) => {
  const state = latency.init(setupOf({ quantiles: [0.5, 0.99, 1] }));
  for (const entry of entries) latency.step(state, entry);
  const lines: Record<string, number | null> = {};
  for (const measure of latency.finish(state).measures) {
    const { quantile, stat, ...rest } = measure.labels;
    if (JSON.stringify(rest) === JSON.stringify(labels)) lines[`${measure.name} ${quantile ?? stat}`] = measure.value;
  }
  return lines;
};

describe('latency', () => {
  it('keeps two clocks: felt from due, served from sent', () => {
    const waited = answered([1, 1.004], 'A', null, {}, { due: seconds(0.9) });
    expect(told([waited])).toEqual({
      'latency.felt 0.5': 104_000,
      'latency.felt 0.99': 104_000,
      'latency.felt 1': 104_000,
      'latency.felt min': 104_000,
      'latency.felt mean': 104_000,
      'latency.felt max': 104_000,
      'latency.served 0.5': 4_000,
      'latency.served 0.99': 4_000,
      'latency.served 1': 4_000,
      'latency.served min': 4_000,
      'latency.served mean': 4_000,
      'latency.served max': 4_000,
    });
  });

  it('gives quantiles to three digits: of 1 to 100 ms the middle is 50 and the ninety-ninth 99', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => answered([i, i + (i + 1) / 1000], 'A', null));
    const found = told(hundred);
    expect(found['latency.served 0.5']).toBe(50_015);
    expect(found['latency.served 0.99']).toBe(99_007);
    expect(found['latency.served max']).toBe(100_000);
    expect(found['latency.served mean']).toBe(50_500);
  });

  it('is split by phase and backend, and leaves the warm-up out of the whole', () => {
    const warm = { ...answered([0, 0.9], 'A', null), phase: 'warm-up' };
    const entries = [warm, answered([1, 1.001], 'A', null), answered([2, 2.002], 'B', null)];
    expect(told(entries)['latency.served max']).toBe(2_000);
    expect(told(entries, { phase: 'warm-up' })['latency.served max']).toBe(900_000);
    expect(told(entries, { backend: 'A' })['latency.served max']).toBe(1_000);
    expect(told(entries, { phase: 'steady', backend: 'B' })['latency.served max']).toBe(2_000);
  });

  it('counts a lost request with the time until it was given up, and a refused one not at all', () => {
    expect(told([lost([1, 11], null), refused(12, null)])['latency.felt max']).toBe(10_000_000);
    expect(told([refused(12, null)])['latency.felt max']).toBeNull();
  });
});
