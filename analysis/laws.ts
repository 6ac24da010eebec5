// The laws that every analyzer obeys, as one call for its test file.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Analyzer } from '../model/analyzer.ts';
import type { Entry, Exchange, Outcome } from '../model/entry.ts';
import { instant } from '../model/entry.ts';
import { isIn } from '../model/shard.ts';
import { fault, phase, setupOf } from './histories.ts';

const SETUP = setupOf();
const RUNS = { numRuns: 60 };

/** Tests `analyzer` against the laws stated with `Analyzer`. Passing them says nothing about its numbers being right. */
export function analyzerLaws<State>(analyzer: Analyzer<State>): void {
  const run = (entries: readonly Entry[], state = analyzer.init(SETUP)): State => {
    for (const entry of entries) analyzer.step(state, entry);
    return state;
  };
  const copy = (state: State): State => analyzer.decode(SETUP, JSON.parse(JSON.stringify(analyzer.encode(state))));
  const merged = (states: readonly State[]): State => {
    const sum = analyzer.init(SETUP);
    for (const state of states) analyzer.merge(sum, analyzer.decode(SETUP, structuredClone(analyzer.encode(state))));
    return sum;
  };
  const shards = (entries: readonly Entry[]): State[] => [0, 1, 2].map((shard) => run(shardOf(entries, shard)));

  describe(`laws of ${analyzer.name}`, () => {
    it('finishes the same when the history is cut anywhere and the state travels as text', () => {
      fc.assert(
        fc.property(histories, fc.nat(60), (entries, cut) => {
          const resumed = run(entries.slice(cut), copy(run(entries.slice(0, cut))));
          expect(analyzer.finish(resumed)).toEqual(analyzer.finish(run(entries)));
        }),
        RUNS,
      );
    });

    it('finishes the same when users are split over shards, whose states travel as structured clones and merge in any order', () => {
      fc.assert(
        fc.property(histories, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (entries, order) => {
          const states = shards(entries);
          const inOrder = order.flatMap((index) => states[index] ?? []);
          expect(analyzer.finish(merged(inOrder))).toEqual(analyzer.finish(run(entries)));
        }),
        RUNS,
      );
    });

    it('steps on after a merge as if there had been no shards', () => {
      fc.assert(
        fc.property(histories, fc.nat(60), (entries, cut) => {
          const sum = merged([0, 1, 2].map((shard) => run(shardOf(entries.slice(0, cut), shard))));
          expect(analyzer.finish(run(entries.slice(cut), sum))).toEqual(analyzer.finish(run(entries)));
        }),
        RUNS,
      );
    });

    it('merges associatively, with the empty state as identity', () => {
      fc.assert(
        fc.property(histories, (entries) => {
          const [a, b, c] = shards(entries) as [State, State, State];
          const left = analyzer.finish(merged([merged([a, b]), c]));
          expect(analyzer.finish(merged([a, merged([b, c])]))).toEqual(left);
          expect(analyzer.finish(merged([analyzer.init(SETUP), a, b, c, analyzer.init(SETUP)]))).toEqual(left);
        }),
        RUNS,
      );
    });

    it('observes nothing without exchanges', () => {
      const marks = [...phase('steady', 0, 30), ...fault('A', 10, 15)].sort((x, y) => instant(x) - instant(y));
      for (const state of [run([]), run(marks)]) {
        const told = analyzer.finish(state).measures.filter((measure) => measure.value !== null);
        expect(told.map((measure) => measure.name).filter((name) => name !== 'session.dormant')).toEqual([]);
      }
    });
  });
}

/** Each of three workers has its own users and its own pulses; all have every other mark. */
function shardOf(entries: readonly Entry[], index: number): readonly Entry[] {
  return entries.filter((entry) => {
    if (entry.kind === 'exchange') return isIn({ index, of: 3 }, entry.user);
    return entry.kind !== 'pulse' || entry.worker === index;
  });
}

const tags = fc.constantFrom('s1.A', 's2.A', 's3.B', 's1.B', 's4.B', null);

const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('answered' as const),
      status: fc.constantFrom(200, 200, 200, 404, 502),
      met: fc.boolean(),
      backend: fc.constantFrom('A', 'B', 'C', null),
      path: fc.constant([]),
      set: tags,
      deleted: fc.boolean(),
      effective: tags,
      created: fc.constantFrom(true, false, null),
      owner: fc.constantFrom('n1', 'n2', null),
      counter: fc.option(fc.nat(4)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'lost', reason: 'timeout' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'refused', reason: 'connection-refused' } as const) },
);

const exchanges: fc.Arbitrary<Exchange> = fc
  .record({
    kind: fc.constant('exchange' as const),
    user: fc.nat(5),
    seq: fc.nat(9),
    due: fc.nat(30_000_000),
    wait: fc.nat(50_000),
    dial: fc.nat(5_000),
    served: fc.nat(2_000_000),
    phase: fc.constantFrom('warm-up', 'steady'),
    egress: fc.constantFrom('127.0.1.1', '127.0.1.2', '127.0.2.1'),
    method: fc.constant('GET'),
    name: fc.constant('GET /visit'),
    op: fc.constantFrom('read' as const, 'write' as const, 'rotate' as const, 'logout' as const),
    key: fc.constant('counter'),
    session: tags,
    outcome: outcomes,
  })
  .map(({ wait, dial, served, ...rest }) => {
    const asked = rest.due + wait;
    return { ...rest, asked, sent: asked + dial, done: asked + dial + served };
  });

const pulses = fc.record({
  kind: fc.constant('pulse' as const),
  worker: fc.nat(2),
  at: fc.nat(30_000_000),
  users: fc.nat(5),
  inFlight: fc.nat(5),
  unstarted: fc.nat(3),
  utilisation: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Up to sixty entries in order of time, over two phases, one fault that ends and perhaps one that does not. */
const histories: fc.Arbitrary<readonly Entry[]> = fc
  .record({ exchanges: fc.array(exchanges, { maxLength: 60 }), pulses: fc.array(pulses, { maxLength: 6 }), second: fc.boolean() })
  .map(({ exchanges: some, pulses: beats, second }) => {
    const marks = [
      ...phase('warm-up', 0, 3, true),
      ...phase('steady', 3, 30),
      ...fault('A', 10, 15),
      ...(second ? fault('B', 20, null, 1) : []),
    ];
    return [...some, ...beats, ...marks].sort((a, b) => instant(a) - instant(b));
  });
