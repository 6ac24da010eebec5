// Connections foreseen from the workload.

import { describe, expect, it } from 'vitest';
import type { EgressShare, EgressVia } from '../model/egress.ts';
import { WHOLE } from '../model/shard.ts';
import { SECOND } from '../model/units.ts';
import type { Connections, Phase, Step, Workload } from '../model/workload.ts';
import { closed, get, open, think, workload } from './fixtures/fake-world.ts';
import { connectionsWanted } from './limits-wanted.ts';

interface Given {
  readonly phases?: readonly Phase[];
  readonly flow?: readonly Step[];
  readonly egress?: readonly EgressShare[];
  readonly via?: EgressVia;
  readonly connections?: Connections;
  readonly count?: number;
  readonly prefix?: number;
}

function load(given: Given): Workload {
  const { users, http } = workload([]);
  const { egress = users.egress, via = users.via, count = 1000, prefix = 8, connections = 'per_exit' } = given;
  return workload(given.flow ?? [get('/')], {
    phases: given.phases ?? [closed(1000, 1000, 10 * SECOND)],
    users: { ...users, egress, via, count, pool: { address: '127.0.0.0', prefix } },
    http: { ...http, connections },
  });
}

/** `surely` and `atMost`, in all and per source. */
function wanted(given: Given, shard = WHOLE): readonly (readonly [number, number])[] {
  const { inAll, perSource } = connectionsWanted(load(given), shard);
  return [inAll, perSource].map(({ surely, atMost }) => [surely, atMost] as const);
}

const PAUSED: readonly Step[] = [get('/'), think(SECOND)];

describe('a closed load surely wants', () => {
  it('a connection per user when nobody ever pauses', () => {
    expect(wanted({ phases: [closed(0, 1000, 10 * SECOND)] })[0]).toEqual([1000, 1000]);
  });

  it('a connection for each who begins at one instant with a request', () => {
    expect(wanted({ flow: PAUSED })[0]).toEqual([1000, 1000]);
    expect(wanted({ flow: PAUSED, phases: [closed(100, 400, SECOND), closed(700, 1000, SECOND)] })[0]).toEqual([300, 1000]);
  });

  it('nothing when users come one by one, or think first', () => {
    expect(wanted({ flow: PAUSED, phases: [closed(0, 1000, SECOND)] })[0]).toEqual([0, 1000]);
    expect(wanted({ flow: [think(SECOND), get('/')] })[0]).toEqual([0, 1000]);
    const paced: Step = { kind: 'loop', count: null, over: null, pace: SECOND, steps: [think(SECOND)] };
    expect(wanted({ flow: [paced] })[0]).toEqual([0, 1000]);
  });
});

describe('a load wants at most', () => {
  it('a connection for every exit of a user', () => {
    const policies: readonly EgressShare[] = [
      { policy: 'per_request', exits: 4, weight: 1 },
      { policy: 'pingpong', gap: SECOND, away: [SECOND, SECOND], weight: 1 },
      { policy: 'same24', every: 5 * SECOND, weight: 2 },
    ];
    expect(policies.map((policy) => wanted({ egress: [policy] })[0]?.[1])).toEqual([4000, 2000, 3000]);
    expect(wanted({ egress: policies })[0]).toEqual([1000, 3000]);
  });

  it('in an open model, one for each who is there or was there lately', () => {
    // 115 s: as long as an idle connection is kept.
    const phases = [open(10, 20, 1000 * SECOND)];
    expect(wanted({ phases })[0]).toEqual([0, 1000 + 20 * 115]);
    expect(wanted({ phases, connections: 'per_user' })[0]).toEqual([0, 1000]);
    expect(wanted({ phases: [open(10, 20, 10 * SECOND)] })[0]).toEqual([0, 150 + 150]);
  });

  it('its part of them in a shard', () => {
    expect(wanted({}, { index: 1, of: 3 })).toEqual([
      [334, 334],
      [1, 1],
    ]);
  });
});

describe('from one source address', () => {
  it('comes one user where the pool has room for all', () => {
    expect(wanted({})[1]).toEqual([1, 1]);
  });

  it('come more users where it has not', () => {
    expect(wanted({ prefix: 24 })[1]).toEqual([4, 4]);
    expect(wanted({ prefix: 32 })[1]).toEqual([1000, 1000]);
    expect(wanted({ prefix: 24, egress: [{ policy: 'per_request', exits: 4, weight: 1 }] })[1]).toEqual([16, 16]);
  });

  it('come all who share an exit', () => {
    expect(wanted({ egress: [{ policy: 'shared', exits: 4, sizes: 'even', weight: 1 }] })[1]).toEqual([250, 250]);
    // 1 + 1/2 + 1/3 + 1/4: the largest has 48 %, which is 480.
    expect(wanted({ egress: [{ policy: 'shared', exits: 4, sizes: 'zipf', weight: 1 }] })[1]).toEqual([480, 480]);
  });

  it('a shard may have all of an exit', () => {
    const egress: readonly EgressShare[] = [{ policy: 'shared', exits: 4, sizes: 'even', weight: 1 }];
    expect(wanted({ egress }, { index: 0, of: 2 })[1]).toEqual([250, 250]);
    expect(wanted({ egress }, { index: 0, of: 8 })[1]).toEqual([125, 125]);
  });

  it('comes everything when addresses are told in another way', () => {
    expect(wanted({ via: { via: 'header', header: 'X-Forwarded-For' } })[1]).toEqual([1000, 1000]);
  });
});
