import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../model/entry.ts';
import { WHOLE } from '../../model/shard.ts';
import { MILLISECOND, type Micros, SECOND } from '../../model/units.ts';
import type { Workload } from '../../model/workload.ts';
import { bringUsers } from '../comers.ts';
import { closed, get, loop, open, think, workload } from '../fixtures/fake-world.ts';
import { type Answerer, createStage } from '../fixtures/stage.ts';
import { User } from './user.ts';

const users: Workload['users'] = {
  ...workload([]).users,
  count: 10_000,
  egress: [
    { policy: 'fixed', weight: 1 },
    { policy: 'switch', exits: 3, dwell: 40 * MILLISECOND, weight: 1 },
  ],
};
const identify = { backend: { from: 'header', header: 'X-Server' }, path: 'X-Path', names: {} } as const;
const FLOW = [
  get('/start', { capture: [{ from: 'header', header: 'X-Token', as: 'token' }] }),
  loop([think(MILLISECOND, 60 * MILLISECOND), get('/use', { headers: [{ name: 'X-Token', value: [{ variable: 'token' }] }] })], {
    pace: 70 * MILLISECOND,
    count: 4,
  }),
];
/** More than ever stay objects while they wait. */
const CROWD = 1200;

const sessionOf = (user: number): string => `session-of-user-${user}.a`;

/** A page that knows its users: half of them have but a session cookie. */
const page: Answerer = (job) => {
  if (!(job instanceof User)) throw new Error('a job is a user');
  const begins = job.seq === 0;
  const session = `SID=${sessionOf(job.number)}; Path=/; HttpOnly`;
  return {
    headers: {
      'x-token': `${job.value('token') ?? job.number}+`,
      'x-server': job.number % 3 === 0 ? 'a' : 'b',
      'x-path': `b, ${job.number % 5}`,
      'sticky-session': job.number % 7 === 0 ? `other-${job.number}` : sessionOf(job.number),
      'sticky-owner': `owner-of-user-${job.number}`,
      'sticky-counter': String(job.number % 4),
    },
    setCookies: !begins ? [] : job.number % 2 === 0 ? [session] : ['lang=en; Path=/', session, 'brief=1; Path=/; Max-Age=60'],
  };
};

function played(own: Workload): readonly Exchange[] {
  const { crew, done, pass } = createStage(own, page);
  bringUsers(crew, own.users.count, WHOLE);
  pass(crew.plan.end);
  return [...done.exchanges].sort((one, other) => one.user - other.user || one.seq - other.seq);
}

const crowded = (count: number) => workload(FLOW, { users, identify, phases: [closed(count, count, SECOND)] });

describe('a crowd that thinks', () => {
  it('does what each would do alone, though most are kept in beds meanwhile', () => {
    const crowd = played(crowded(CROWD));
    const few = played(crowded(40));
    expect(few.length).toBeGreaterThan(40 * 15);
    expect(crowd.filter(({ user }) => user < 40)).toEqual(few);
    expect(new Set(crowd.map(({ user }) => user)).size).toBe(CROWD);
  });

  it('is made of as many objects as act at one time, beyond the first thousand', () => {
    const objects = new Set<object>();
    const own = crowded(2 * CROWD);
    const { crew, pass } = createStage(own, (job) => {
      objects.add(job);
      return page(job);
    });
    bringUsers(crew, own.users.count, WHOLE);
    pass(SECOND);
    // All begin at once.
    expect(objects.size).toBe(2 * CROWD);
    const ramped = { ...own, phases: [closed(0, 2 * CROWD, SECOND)] };
    const later = createStage(ramped, (job) => {
      objects.add(job);
      return page(job);
    });
    objects.clear();
    bringUsers(later.crew, own.users.count, WHOLE);
    later.pass(SECOND);
    expect(objects.size).toBeLessThan(1300);
  });

  it('owes what was due and not sent, whoever waits in whatever way', () => {
    const paced = [loop([get('/')], { pace: 300 * MILLISECOND })];
    const owed = (count: number): number => {
      const { crew, pass } = createStage(workload(paced, { users, phases: [closed(count, count, 3 * SECOND)] }), page);
      const people = bringUsers(crew, count, WHOLE);
      pass(SECOND);
      expect(crew.counts.users).toBe(count);
      crew.agenda.stop();
      // Rounds at 1.2, 1.5 and 1.8 s.
      return people.owed(2 * SECOND) / count;
    };
    expect([owed(10), owed(CROWD)]).toEqual([3, 3]);
  });

  it('gives the beds of those who leave to those who come', () => {
    const own = workload([get('/start'), think(10 * MILLISECOND), get('/end')], {
      users,
      identify,
      phases: [open(2000, 2000, 2 * SECOND)],
    });
    const { crew, done, pass } = createStage(own, page);
    const beds = new Set<number>();
    const rest = (bed: number, at: Micros): void => {
      beds.add(bed);
      crew.agenda.rest(bed, at);
    };
    bringUsers({ ...crew, agenda: { ...crew.agenda, rest } }, 10_000, WHOLE);
    pass(2 * SECOND);
    expect(done.exchanges.length).toBeGreaterThan(7900);
    // Two thousand a second for twelve milliseconds each.
    expect(Math.max(...beds)).toBeLessThan(30);
  });
});
