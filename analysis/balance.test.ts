import { describe, expect, it } from 'vitest';
import type { Entry } from '../model/entry.ts';
import { balance } from './balance.ts';
import { answered, fault, setupOf } from './histories.ts';
import { analyzerLaws } from './laws.ts';

analyzerLaws(balance);

const told = (entries: readonly Entry[], by: string, window: string) => {
  const state = balance.init(setupOf());
  for (const entry of entries) balance.step(state, entry);
  const lines: Record<string, number | null> = {};
  for (const { name, labels, value } of balance.finish(state).measures) {
    if (labels['by'] === by && labels['window'] === window) lines[labels['backend'] ?? name] = value;
  }
  return lines;
};

const by = (user: number, backend: string, at: number) => answered([at, at + 0.1], backend, null, {}, { user });

describe('balance', () => {
  it('of three requests to one is a peak of one and a half times the mean', () => {
    expect(told([by(0, 'A', 1), by(0, 'A', 2), by(1, 'A', 3), by(2, 'B', 4)], 'requests', 'whole')).toEqual({
      A: 3,
      B: 1,
      'balance.peak_to_mean': 1.5,
      'balance.cv': 0.5,
      'balance.jain': 0.8,
      'balance.effective_nodes': 2 / 1.5,
    });
  });

  it('counts each user once per backend', () => {
    const found = told([by(0, 'A', 1), by(0, 'A', 2), by(1, 'A', 3), by(1, 'B', 4)], 'users', 'whole');
    expect({ A: found['A'], B: found['B'] }).toEqual({ A: 2, B: 1 });
  });

  it('counts a listed backend that served nothing', () => {
    expect(told([by(0, 'A', 1)], 'requests', 'whole')).toMatchObject({
      A: 1,
      B: 0,
      'balance.peak_to_mean': 2,
      'balance.effective_nodes': 1,
    });
  });

  it('counts users of more backends than a number has bits', () => {
    const setup = setupOf({ backends: Array.from({ length: 70 }, (_, i) => `b${i}`) });
    const one = balance.init(setup);
    const other = balance.init(setup);
    for (let user = 0; user < 70; user += 1) balance.step(user % 2 === 0 ? one : other, by(user, `b${user}`, user));
    balance.step(one, by(0, 'b69', 80));
    const sum = balance.init(setupOf({ backends: ['b69'] }));
    for (const shard of [one, other]) balance.merge(sum, shard);
    const loads = balance.finish(sum).measures.filter(({ name, labels }) => name === 'balance.load' && labels['by'] === 'users');
    expect(loads.filter(({ value }) => value !== 1).map(({ labels, value }) => [labels['backend'], value])).toEqual([['b69', 2]]);
    expect(loads).toHaveLength(70);
  });

  it('is told before, during and after the fault, which lasts until the balancer may have noticed its end', () => {
    const [began, ending, ended] = fault('A', 10, 20) as [Entry, Entry, Entry];
    const history = [by(0, 'A', 1), began, by(0, 'B', 12), ending, ended, by(0, 'B', 30), by(0, 'A', 32)];
    const loads = ['before', 'during', 'after'].map((window) => {
      const { A, B } = told(history, 'requests', window);
      return { A, B };
    });
    expect(loads).toEqual([
      { A: 1, B: 0 },
      { A: 0, B: 2 },
      { A: 1, B: 0 },
    ]);
  });
});
