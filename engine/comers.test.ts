import { describe, expect, it } from 'vitest';
import type { Exchange } from '../model/entry.ts';
import { type Shard, WHOLE } from '../model/shard.ts';
import { MILLISECOND, SECOND } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { bringUsers, type People } from './comers.ts';
import { closed, get, loop, open, think, workload } from './fixtures/fake-world.ts';
import { createStage, type Done } from './fixtures/stage.ts';

/** What the users of a shard do. */
function doneBy(own: Workload, shard: Shard): Done {
  const { crew, done, pass } = createStage(own);
  bringUsers(crew, own.users.count, shard);
  pass(crew.plan.end);
  return done;
}

/** The users of a shard, before the first has come. */
function comers(own: Workload, shard: Shard): People {
  return bringUsers(createStage(own).crew, own.users.count, shard);
}

/** What tells a plan: who asks for what, when it is due and from where. */
const planned = (exchanges: readonly Exchange[]): readonly string[] =>
  exchanges.map(({ user, seq, due, phase, egress, name }) => `${user}/${seq} due ${due} in ${phase}: ${name} from ${egress}`).sort();

const FLOW = [get('/a', { path: ['/', { variable: 'colour' }] }), loop([get('/b'), think(1, 90 * MILLISECOND)], { count: 3 })];
const users: Workload['users'] = {
  ...workload([]).users,
  count: 10_000,
  egress: [
    { policy: 'fixed', weight: 1 },
    { policy: 'per_request', exits: 3, weight: 1 },
    { policy: 'switch', exits: 2, dwell: 100 * MILLISECOND, weight: 1 },
    { policy: 'shared', exits: 2, sizes: 'zipf', weight: 1 },
  ],
};
const scenarios: Workload['scenarios'] = [
  { name: 'most', weight: 3, flow: FLOW },
  { name: 'rest', weight: 1, flow: [get('/c'), think(10 * MILLISECOND, 300 * MILLISECOND)] },
];
const common = { users, scenarios, variables: { colour: ['red', 'green', 'blue'] }, seed: 5 };
const PLANS: Readonly<Record<string, Workload>> = {
  'of a closed model': workload([], {
    ...common,
    phases: [closed(0, 40, 400 * MILLISECOND, 'up'), closed(25, 25, 300 * MILLISECOND), closed(10, 40, 300 * MILLISECOND, 'again')],
  }),
  'of an open model': workload([], {
    ...common,
    phases: [open(20, 200, 500 * MILLISECOND), open(100, 100, 500 * MILLISECOND, 'poisson', 'random')],
  }),
};

describe.each(Object.entries(PLANS))('the shards %s', (_, own) => {
  const whole = doneBy(own, WHOLE);

  it.each([1, 2, 3, 7])('do together what the whole does: %i of them', (of) => {
    const parts = Array.from({ length: of }, (__, index) => doneBy(own, { index, of }));
    expect(planned(parts.flatMap(({ exchanges }) => exchanges))).toEqual(planned(whole.exchanges));
    parts.forEach(({ exchanges }, index) => {
      expect([...new Set(exchanges.map(({ user }) => user % of))]).toEqual([index]);
    });
    expect(parts.map(({ counts }) => counts.unstarted)).toEqual(new Array(of).fill(0));
  });
});

describe('bringing users', () => {
  it('owes what those should have asked for who have not come', () => {
    const own = (phases: Workload['phases']) => workload([get('/')], { phases, users });
    const owed = (phases: Workload['phases'], shard: Shard) =>
      [0, 1, 500 * MILLISECOND, 2 * SECOND].map((until) => comers(own(phases), shard).owed(until));
    expect(owed([open(10, 10, SECOND)], WHOLE)).toEqual([0, 1, 5, 10]);
    expect(owed([open(10, 10, SECOND)], { index: 1, of: 3 })).toEqual([0, 0, 2, 3]);
    expect(owed([closed(0, 4, SECOND)], WHOLE)).toEqual([0, 1, 2, 4]);
  });

  it('parts the most users of an open model, so that the parts add up', () => {
    const own = workload([get('/'), think(10 * SECOND), get('/')], { phases: [open(100, 100, SECOND)], users: { ...users, count: 8 } });
    const parts = [0, 1, 2].map((index) => doneBy(own, { index, of: 3 }));
    expect(parts.map(({ counts }) => counts)).toEqual([
      { users: 3, inFlight: 0, unstarted: 31 },
      { users: 3, inFlight: 0, unstarted: 30 },
      { users: 2, inFlight: 0, unstarted: 31 },
    ]);
  });
});
