import { describe, expect, it } from 'vitest';
import { type Entry, instant } from '../model/entry.ts';
import type { RunHeader } from '../model/record.ts';
import type { Setup } from '../model/setup.ts';
import { ALONE } from '../model/shard.ts';
import { fold } from './all.ts';
import type { End } from './end.ts';
import { answered, fault, phase, setupOf } from './histories.ts';
import { makeReport } from './report.ts';

const header = (setup: Setup): RunHeader => ({
  kind: 'run',
  identity: {
    name: 'jvm_route',
    description: '',
    seed: 1,
    users: 2,
    lab: 'embedded',
    labReason: '',
    target: 'http://127.0.0.1:1',
    versions: {},
    startedAt: '2026-01-02T03:04:05Z',
    workers: ALONE,
    ceiling: null,
  },
  setup,
  thresholds: [],
});

const report = (
  entries: readonly Entry[],
  end: End = { ended: 'finished', at: 30_000_000, missing: [] },
  setup = setupOf({ strategy: 'jvm_route' }),
) => {
  const judged = fold(setup);
  for (const entry of [...entries].sort((a, b) => instant(a) - instant(b))) judged.step(entry);
  return makeReport(header(setup), judged, end);
};

const made = [0, 1].map((user) => answered([0, 1], 'AB'[user] ?? '', null, { set: `s${user}.${'AB'[user]}` }, { user }));
const steady = phase('steady', 0, 30);

describe('the answer', () => {
  it('tells affinity, what each fault cost whom, and the losses by cause', () => {
    const stays = answered([11, 12], 'B', 's1.B', {}, { user: 1 });
    const moves = answered([11, 12], 'B', 's0.A', { set: 'new.B', created: true });
    expect(report([...steady, ...made, ...fault('A', 10, 20), stays, moves]).answer).toBe(
      'jvm_route: every one of 1 request whose home was up reached it; killing A cost 1 of 1 users homed there their session and ' +
        'none of 1 others theirs; 1 session lost in all (1 by failover).',
    );
  });

  it('says that nothing was lost, or at least was seen to be', () => {
    const stays = (created: boolean | null) => answered([2, 3], 'A', 's0.A', { created });
    expect(report([...steady, ...made, stays(false)]).answer).toBe(
      'jvm_route: every one of 1 request whose home was up reached it; no session was lost.',
    );
    expect(report([...steady, ...made, stays(null)]).answer).toBe(
      'jvm_route: every one of 1 request whose home was up reached it; no session was seen to be lost.',
    );
  });

  it('counts the misses when there were some', () => {
    const misses = answered([2, 3], 'B', 's0.A', { created: false });
    expect(report([...steady, ...made, misses]).answer).toBe(
      'jvm_route: 1 of 1 request missed a home that was up (affinity correctness 0.0000); no session was lost.',
    );
  });

  it('says nothing of affinity when every miss was excused', () => {
    const misses = answered([11, 12], 'B', 's0.A', { set: 'new.B', created: true });
    expect(report([...steady, ...made, ...fault('A', 10, 20), misses]).answer).toBe(
      'jvm_route: killing A cost 1 of 1 users homed there their session; 1 session lost in all (1 by failover).',
    );
  });

  it('says so when nothing was measured', () => {
    expect(report([...steady]).answer).toBe('Nothing was measured.');
  });
});

describe('the report', () => {
  it('of a run without requests is unknown', () => {
    expect(report([...steady]).verdict).toBe('unknown');
  });

  it('of an interrupted or cut run is unknown, and says why', () => {
    const codes = (end: End) => {
      const { verdict, doubts } = report([...steady, ...made], end);
      return [verdict, ...doubts.filter((doubt) => doubt.blocking).map((doubt) => doubt.code)];
    };
    expect(codes({ ended: 'finished', at: 30_000_000, missing: [] })).toEqual(['pass']);
    expect(codes({ ended: 'interrupted', at: 5_000_000, missing: [] })).toEqual(['unknown', 'interrupted']);
    expect(codes({ ended: 'broken', at: 5_000_000, missing: [] })).toEqual(['unknown', 'lab-died']);
    expect(codes({ ended: 'cut', at: null, missing: [] })).toEqual(['unknown', 'incomplete-record']);
    const missing = [{ shard: { index: 1, of: 2 }, users: 2, reason: 'SIGKILL' }];
    expect(codes({ ended: 'finished', at: 30_000_000, missing })).toEqual(['unknown', 'worker-lost']);
  });

  it('ends where the run says it ended, else at the last entry', () => {
    expect(report([...steady, ...made]).run.duration).toBe(30_000_000);
    expect(report([...made], { ended: 'cut', at: null, missing: [] }).run.duration).toBe(1_000_000);
  });

  it('of a fold that travelled as text is the same', () => {
    const setup = setupOf();
    const whole = fold(setup);
    const before = fold(setup);
    for (const entry of [...steady, ...made]) {
      whole.step(entry);
      before.step(entry);
    }
    const after = fold(setup, JSON.parse(JSON.stringify(before.encode())));
    const merged = fold(setup);
    merged.merge(before.encode());
    const end: End = { ended: 'finished', at: 30_000_000, missing: [] };
    expect(makeReport(header(setup), after, end)).toEqual(makeReport(header(setup), whole, end));
    expect(makeReport(header(setup), merged, end)).toEqual(makeReport(header(setup), whole, end));
  });
});
