import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, type Exchange, type FaultEvent, instant, type PhaseMark } from '../model/entry.ts';
import type { Injector } from '../model/fault.ts';
import { MILLISECOND, SECOND } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { playTogether } from './fixtures/fake-workers.ts';
import { closed, get, loop, play, think, workload } from './fixtures/fake-world.ts';

const exchangesOf = (entries: readonly Entry[]): readonly Exchange[] => entries.filter((entry) => entry.kind === 'exchange');
const marksOf = (entries: readonly Entry[]) =>
  entries.filter((entry): entry is FaultEvent | PhaseMark => entry.kind === 'fault' || entry.kind === 'phase');
const users = { ...workload([]).users, count: 7 };

/** Seven users who all go round, with faults that hold for a while. */
function hurt(faultTimes: readonly number[]): Workload {
  const faults = faultTimes.map((at) => ({ at, duration: 5 * MILLISECOND, action: { kind: 'kill', target: 'a' } as const }));
  const phases = [closed(7, 7, 20 * MILLISECOND, 'one'), closed(7, 7, 20 * MILLISECOND, 'two')];
  return workload([get('/'), think(0, 500)], { users, phases, faults });
}

/** An injector that says whether something is hurt now. */
function switchboard() {
  const state = { hurt: 0, inflicted: 0 };
  const injector: Injector = {
    async inflict() {
      state.hurt += 1;
      state.inflicted += 1;
      return 'hurt';
    },
    async relieve() {
      state.hurt -= 1;
      return 'healed';
    },
  };
  return { state, injector };
}

describe('workers under one coordinator', () => {
  it('see every mark in the same place of the same order, whatever their clocks and however long words take', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat(39 * MILLISECOND), { maxLength: 3 }),
      fc.array(fc.oneof(fc.nat(20), fc.nat(3_000)), { minLength: 1, maxLength: 9 }),
      fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 4, maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 45 * MILLISECOND }), { nil: undefined }),
      async (workers, times, delays, skews, abortAt) => {
        const { state, injector } = switchboard();
        let word = 0;
        const run = await playTogether(
          hurt(times),
          ({ count }) => ({ after: 100 + (count % 7) * 90, status: state.hurt > 0 ? 503 : 200 }),
          {
            workers,
            injector,
            delay: () => delays[word++ % delays.length] ?? 0,
            skew: (worker) => skews[worker] ?? 0,
            ...(abortAt === undefined ? {} : { abortAt }),
          },
        );
        const [first = []] = run.entries;
        for (const entries of run.entries) {
          expect(entries.map(instant)).toEqual(entries.map(instant).sort((one, other) => one - other));
          expect(marksOf(entries)).toEqual(marksOf(first));
          expect(causes(entries)).toEqual([]);
        }
        expect(marksOf(first).filter(({ kind }) => kind === 'fault')).toEqual(run.marks);
        expect(run.marks.filter(({ stage }) => stage === 'began').length).toBe(state.inflicted);
      },
    );
    await fc.assert(property, { numRuns: 80 });
  });

  it('bring together the users whom one would bring, each with the same requests', async () => {
    const flow = [loop([get('/a'), think(0, MILLISECOND), get('/b')], { count: 3 }), think(10 * SECOND)];
    const own = workload(flow, { users, phases: [closed(0, 7, 50 * MILLISECOND), closed(7, 7, SECOND)] });
    const told = (entries: readonly Entry[]) =>
      exchangesOf(entries)
        .map(({ user, seq, due, egress, name }) => ({ user, seq, due, egress, name }))
        .sort((one, other) => one.user - other.user || one.seq - other.seq);
    const alone = await play(own, () => ({}));
    expect(told(alone.entries).length).toBe(7 * 6);
    for (const workers of [2, 3]) {
      const together = await playTogether(own, () => ({}), { workers, delay: () => 40 });
      expect(told(together.entries.flat())).toEqual(told(alone.entries));
      expect(together.entries.map((entries) => [...new Set(exchangesOf(entries).map(({ user }) => user % workers))])).toEqual(
        Array.from({ length: workers }, (_, index) => [index]),
      );
    }
  });

  it('go on to the end without one that is lost, and the faults strike all the same', async () => {
    const { state, injector } = switchboard();
    const options = { workers: 3, injector, delay: () => 700, loses: { worker: 1, at: 4_500 } };
    const { entries, end } = await playTogether(hurt([4_000, 12_000]), () => ({}), options);
    expect([end, state]).toEqual(['finished', { hurt: 0, inflicted: 2 }]);
    const [first = [], , third = []] = entries;
    expect(marksOf(first).map((mark) => (mark.kind === 'fault' ? mark.stage : mark.name))).toEqual([
      'one',
      ...['began', 'ending', 'ended', 'began', 'ending', 'ended'],
      ...['one', 'two', 'two'],
    ]);
    expect(marksOf(third)).toEqual(marksOf(first));
  });

  it('are cut at one instant when the run is aborted', async () => {
    const { entries, end } = await playTogether(hurt([]), () => ({ hangs: true }), { workers: 2, delay: () => 300, abortAt: 10_000 });
    expect(end).toBe('interrupted');
    for (const worker of entries) {
      expect(worker.filter(({ kind }) => kind !== 'exchange').map((entry) => [entry.kind, instant(entry)])).toEqual([
        ['phase', 0],
        ['phase', 10_600],
        ['pulse', 10_900],
      ]);
    }
    expect(exchangesOf(entries.flat()).map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 7 }, () => ({ kind: 'lost', reason: 'interrupted' })),
    );
  });

  it('fail together with what one of them could not do', async () => {
    const other: Entry[] = [];
    const onEntry = (entry: Entry, worker: number): void => {
      if (worker === 1 && entry.kind === 'exchange') throw new Error('disk full');
      if (worker === 0) other.push(entry);
    };
    const flow = () => ({ after: 500 });
    await expect(playTogether(hurt([]), flow, { workers: 2, delay: () => 300, onEntry })).rejects.toThrow('disk full');
    // The failure is told at 500 + 300; the other holds from 1100 on and says so at 1400.
    expect(marksOf(other).map(({ at, stage }) => [at, stage])).toEqual([
      [0, 'began'],
      [1_400, 'ended'],
    ]);
  });

  it('undo what faults did after the last of them has drained, and hear of what could not be undone', async () => {
    const exec = { kind: 'exec', target: '', run: 'off', undo: 'on' } as const;
    const own = { ...hurt([]), faults: [{ at: 5_000, duration: null, action: exec }] };
    const injector: Injector = { inflict: async () => 'off', relieve: () => Promise.reject(new Error('exit code 2')) };
    const { entries } = await playTogether(own, () => ({}), { workers: 2, injector, delay: () => 10 });
    for (const worker of entries) {
      expect(worker.filter((entry) => entry.kind === 'fault').map(({ stage, detail }) => [stage, detail])).toEqual([
        ['began', 'exec off'],
        ['failed', 'exit code 2'],
      ]);
    }
  });
});

/** Exchanges that were answered by something hurt, and stand where nothing was hurt yet. */
function causes(entries: readonly Entry[]): readonly Entry[] {
  const began = entries.findIndex((entry) => entry.kind === 'fault' && entry.stage === 'began');
  return entries.filter(
    (entry, place) =>
      entry.kind === 'exchange' && entry.outcome.kind === 'answered' && entry.outcome.status === 503 && (began < 0 || place < began),
  );
}
