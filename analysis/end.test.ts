import { describe, expect, it } from 'vitest';
import type { Entry } from '../model/entry.ts';
import type { LostWorker } from '../model/shard.ts';
import { endDoubts, leftOut } from './end.ts';
import { answered, phase } from './histories.ts';

const second: LostWorker = { shard: { index: 1, of: 3 }, users: 1000, reason: 'exit code 1' };
const told = (lost: LostWorker) => endDoubts({ ended: 'finished', at: 0, missing: [lost] });

describe('a lost worker', () => {
  it('leaves a blocking doubt that names its users', () => {
    expect(told(second)).toEqual([
      {
        code: 'worker-lost',
        blocking: true,
        text:
          'Worker 2 of 3 was lost (exit code 1), and with it users 1, 4, 7 and so on, one in 3: 333 of 1,000. Everything they met is left out ' +
          'of this report. Run again; if it happens again, take fewer users or give the machine more memory.',
      },
    ]);
  });

  it('names all of its users when they are few, and no number when they were still arriving', () => {
    const names = (change: Partial<LostWorker>) => told({ ...second, ...change })[0]?.text.match(/users .*?\./)?.[0];
    expect(names({ users: 5 })).toBe('users 1, 4: 2 of 5.');
    expect(names({ users: null })).toBe('users 1, 4, 7 and so on, one in 3.');
  });

  it('takes its users and its pulses out of the report, and nothing else', () => {
    const users = [0, 1, 2, 3, 4].map((user) => answered([0, 1], 'A', null, {}, { user }));
    const pulses = [0, 1, 2].map(
      (worker): Entry => ({ kind: 'pulse', worker, at: 1, users: 1, inFlight: 0, unstarted: 0, utilisation: 0 }),
    );
    const kept = [...users, ...pulses, ...phase('steady', 0, 1)].filter((entry) => !leftOut({ missing: [second] }, entry));
    expect(
      kept.map((entry) => (entry.kind === 'exchange' ? entry.user : entry.kind === 'pulse' ? `pulse ${entry.worker}` : entry.kind)),
    ).toEqual([0, 2, 3, 'pulse 0', 'pulse 2', 'phase', 'phase']);
  });
});
