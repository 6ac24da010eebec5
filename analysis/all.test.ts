import { describe, expect, it } from 'vitest';
import type { Entry } from '../model/entry.ts';
import { instant } from '../model/entry.ts';
import { ANALYZERS, fold } from './all.ts';
import { answered, fault, phase, setupOf } from './histories.ts';

const users = [0, 1, 2].map((user) => answered([user, user + 1], 'A', null, { set: `s${user}.A`, owner: `n${user}` }, { user }));
const pulse: Entry = { kind: 'pulse', worker: 0, at: 5_000_000, users: 3, inFlight: 0, unstarted: 1, utilisation: 0.5 };
const history = [...phase('steady', 0, 30), ...users, pulse, ...fault('A', 10, 20)].sort((a, b) => instant(a) - instant(b));

describe('a fold', () => {
  it('takes every entry to every analyzer, and finds what they find', () => {
    const setup = setupOf();
    const all = fold(setup);
    for (const entry of history) all.step(entry);
    const each = ANALYZERS.map((analyzer) => {
      const state = analyzer.init(setup);
      for (const entry of history) analyzer.step(state as never, entry);
      return analyzer.finish(state as never);
    });
    expect(all.finish()).toEqual({
      measures: each.flatMap(({ measures }) => measures),
      evidence: each.flatMap(({ evidence }) => evidence),
      doubts: each.flatMap(({ doubts }) => doubts),
    });
    expect(all.finish(['leaks']).measures.map(({ name, value }) => [name, value])).toEqual([['safety.leaks', 0]]);
  });

  it('does not take a state that lacks an analyzer', () => {
    expect(() => fold(setupOf(), { requests: { texts: [], counts: [] } })).toThrow('no state of analyzer sessions');
  });
});
