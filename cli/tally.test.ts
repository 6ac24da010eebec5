import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../analysis/all.ts';
import { answered, setupOf } from '../analysis/histories.ts';
import type { Entry } from '../model/entry.ts';
import { createTallies, quantileOf, sumOf, type Tally } from './tally.ts';

/** Tallies of some entries, all judged. */
function tallyOf(entries: readonly Entry[]): Tally {
  const judged = fold(setupOf({ strategy: 'jvm_route' }));
  const tallies = createTallies(judged);
  for (const entry of entries) {
    judged.step(entry);
    tallies.note(entry);
  }
  return tallies.take();
}

const history: readonly Entry[] = [0, 1, 2, 3, 4, 5].flatMap((user) =>
  [0, 1, 2, 3].map((round): Entry => {
    const backend = user === 2 && round === 3 ? 'B' : 'A';
    const session = round === 0 ? null : `s${user}.A`;
    return answered([round, round + 0.01 * (user + 1)], backend, session, round === 0 ? { set: `s${user}.A` } : {}, { user, seq: round });
  }),
);

describe('tallies', () => {
  it('of workers add up to the tally of all', () => {
    const shard = (index: number) => history.filter((entry) => entry.kind === 'exchange' && entry.user % 3 === index);
    expect(sumOf([tallyOf(shard(0)), tallyOf(shard(1)), tallyOf(shard(2))])).toEqual(tallyOf(history));
    expect(tallyOf(history)).toMatchObject({
      requests: 24,
      backends: new Map([
        ['A', 23],
        ['B', 1],
      ]),
      errors: 0,
      affinity: { stayed: 17, of: 18 },
    });
  });

  it('are of the moment since the last one, and remember every backend', () => {
    const judged = fold(setupOf({}));
    const tallies = createTallies(judged);
    for (const entry of history) tallies.note(entry);
    tallies.take();
    expect(tallies.take()).toMatchObject({
      requests: 0,
      backends: new Map([
        ['A', 0],
        ['B', 0],
      ]),
      affinity: null,
    });
  });

  it('of nobody are empty', () => {
    const nothing = sumOf([]);
    expect([nothing.requests, nothing.errors, nothing.affinity, quantileOf(nothing.felt, 0.99)]).toEqual([0, 0, null, null]);
  });

  it('tell a quantile within 2.2 per cent', () => {
    const latencies = fc.array(fc.integer({ min: 10_000, max: 600_000_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(latencies, fc.double({ min: 0, max: 1, noNaN: true }), (felt, quantile) => {
        const { felt: buckets } = tallyOf(felt.map((micros) => answered([0, micros / 1_000_000], 'A', null, {}, {})));
        const sorted = [...felt].sort((one, other) => one - other);
        const exact = sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? 0;
        expect(Math.abs((quantileOf(buckets, quantile) ?? 0) - exact) / exact).toBeLessThan(0.0222);
      }),
    );
  });
});
