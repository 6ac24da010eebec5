import { describe, expect, it } from 'vitest';
import type { Entry, Pulse } from '../model/entry.ts';
import { seconds } from '../model/units.ts';
import { generator } from './generator.ts';
import { answered, setupOf } from './histories.ts';
import { analyzerLaws } from './laws.ts';

analyzerLaws(generator);

const finish = (entries: readonly Entry[]) => {
  const state = generator.init(setupOf({ quantiles: [1] }));
  for (const entry of entries) generator.step(state, entry);
  return generator.finish(state);
};

const told = (entries: readonly Entry[]) =>
  Object.fromEntries(
    finish(entries).measures.map(({ name, labels, value }) => [`${name} ${labels['quantile'] ?? labels['stat'] ?? ''}`.trim(), value]),
  );

const pulse = (at: number, utilisation: number, unstarted = 0): Pulse => ({
  kind: 'pulse',
  worker: 0,
  at: seconds(at),
  users: 1,
  inFlight: 0,
  unstarted,
  utilisation,
});

const due = (at: number, lag: number, user = 0) => answered([at + lag, at + lag + 0.001], 'A', null, {}, { due: seconds(at), user });

describe('generator', () => {
  it('is as late as sent is after due', () => {
    expect(told([due(1, 0.002), due(2, 0.02, 1)])).toMatchObject({
      'generator.lag max': 20_000,
      'generator.lag min': 2_000,
      'generator.late': 0.5,
    });
  });

  it('is not blamed for a user who was kept waiting by the target', () => {
    const slow = answered([1, 4], 'A', null, {}, { due: seconds(1) });
    expect(told([slow, answered([4, 4.1], 'A', null, {}, { due: seconds(2) })])).toMatchObject({
      'generator.lag max': 0,
      'generator.late': 0,
    });
  });

  it('is not blamed for the time it takes to connect', () => {
    const dialled = answered([2, 2.1], 'A', null, {}, { due: seconds(1), asked: seconds(1) });
    expect(told([dialled])).toMatchObject({ 'generator.lag max': 0, 'generator.late': 0 });
  });

  it('tells its busy share', () => {
    expect(told([pulse(1, 0.25), pulse(2, 0.75)])).toMatchObject({ 'generator.utilisation mean': 0.5, 'generator.utilisation max': 0.75 });
  });

  it('doubts itself when sends were late, and blocks when many were', () => {
    const late = (share: number) => Array.from({ length: 100 }, (_, i) => due(i, i < share ? 0.02 : 0, i));
    const doubts = (share: number) => finish(late(share)).doubts.map(({ code, blocking }) => ({ code, blocking }));
    expect(doubts(2)).toEqual([]);
    expect(doubts(3)).toEqual([{ code: 'late-sends', blocking: false }]);
    expect(doubts(27)).toEqual([{ code: 'late-sends', blocking: false }]);
    expect(doubts(28)).toEqual([{ code: 'late-sends', blocking: true }]);
  });

  it('says what to do when a rate could not be held', () => {
    const arrivals = Array.from({ length: 1000 }, (_, i) => due(i / 1000, i / 2000, i));
    expect(finish(arrivals).doubts).toEqual([
      {
        code: 'late-sends',
        blocking: true,
        text:
          "97.9 % of the requests were taken up more than 10 ms late, by this machine's fault and not the target's: the load that was asked " +
          'for was not held. Felt latency includes that. Free the machine, spread the users over more cores (--workers), or lower the load.',
      },
    ]);
  });

  it('takes one late request among a hundred for chance, and one of three for a sign', () => {
    expect(finish([due(1, 0.02), due(2, 0, 1), due(3, 0, 2)]).doubts.map(({ code }) => code)).toEqual(['late-sends']);
    expect(finish([due(1, 0.02), ...Array.from({ length: 99 }, (_, i) => due(2, 0, i + 1))]).doubts).toEqual([]);
  });

  it('blocks when requests were due and never started', () => {
    expect(finish([pulse(1, 0.1, 3)]).doubts.map(({ code, blocking }) => ({ code, blocking }))).toEqual([
      { code: 'unstarted', blocking: true },
    ]);
  });

  it('adds up what each worker did not start', () => {
    const beats = [pulse(1, 0.1, 3), { ...pulse(1, 0.1, 2), worker: 1 }, pulse(2, 0.1, 4), { ...pulse(2, 0.1, 2), worker: 1 }];
    expect(told(beats)).toMatchObject({ 'generator.unstarted': 6 });
  });

  it('says when it was busy more than nine tenths of the time', () => {
    expect(finish([pulse(1, 0.9)]).doubts).toEqual([]);
    expect(finish([pulse(1, 0.91)]).doubts).toEqual([
      {
        code: 'saturated',
        blocking: false,
        text:
          'The generator was busy 91 % of the time and may have been the bottleneck. Lower the load, spread the users over more cores ' +
          '(--workers), or free the machine.',
      },
    ]);
  });

  it('says which of its workers was, however idle the others were', () => {
    const beats = [pulse(1, 0.2), { ...pulse(1, 0.95), worker: 1 }, { ...pulse(2, 0.97), worker: 1 }];
    expect(finish(beats).doubts.map(({ text }) => text.slice(0, 39))).toEqual(['Worker 2 of 2 was busy 96 % of the time']);
    expect(told(beats)).toMatchObject({ 'generator.utilisation max': 0.97, 'generator.utilisation mean': (0.2 + 0.95 + 0.97) / 3 });
  });
});
