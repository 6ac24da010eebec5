import { describe, expect, it } from 'vitest';
import type { EgressPolicy } from '../../model/egress.ts';
import { type Micros, SECOND } from '../../model/units.ts';
import { type Egress, enter, proceed } from './egress.ts';
import { type Random, random } from './random.ts';

/** States at the times of a user's requests. */
function walk(policy: EgressPolicy, times: readonly Micros[], { user = 0, closedAt = [] as readonly Micros[] } = {}): readonly Egress[] {
  const stream: Random = random(11, user, 'egress');
  const egress = enter(policy, user, times[0] ?? 0, stream);
  return times.map((time) => {
    proceed(egress, policy, time, closedAt.includes(time), stream);
    return { ...egress };
  });
}

const every = (gap: Micros, count: number): readonly Micros[] => Array.from({ length: count }, (_, index) => index * gap);
const shareOf = (states: readonly Egress[], exit: number): number => states.filter((state) => state.exit === exit).length / states.length;

describe('egress policies', () => {
  it('fixed: stays for ever', () => {
    expect(walk({ policy: 'fixed' }, [0, 10 ** 12])).toEqual([
      { exit: 0, move: 0, until: Number.POSITIVE_INFINITY },
      { exit: 0, move: 0, until: Number.POSITIVE_INFINITY },
    ]);
  });

  it('same24: moves once per exponential time, whether or not requests are sent', () => {
    const policy = { policy: 'same24', every: 10 * SECOND } as const;
    const often = walk(policy, every(SECOND, 100_001));
    const once = walk(policy, [0, 100_000 * SECOND]);
    // Poisson with mean 10000: standard deviation 100.
    expect(often.at(-1)?.move).toBe(9961);
    expect(once.at(-1)).toEqual(often.at(-1));
  });

  it('per_connection: keeps the exit for the life of a connection, and picks by weight', () => {
    const policy = { policy: 'per_connection', exits: 2, weights: [3, 1], lifetime: 10 * SECOND } as const;
    const states = walk(policy, every(SECOND, 100_000));
    expect(shareOf(states, 1)).toBeCloseTo(0.25, 1);
    const opened = states.filter((state, index) => state.until !== states[index - 1]?.until).length;
    // A connection ends after 10 s on average and the next request, up to 1 s later, opens another: about one per 10.5 s.
    expect(opened / 100_000).toBeCloseTo(1 / 10.5, 2);
  });

  it('per_connection: a connection that is never used again costs no draw', () => {
    const policy = { policy: 'per_connection', exits: 2, weights: [1, 1], lifetime: SECOND } as const;
    const [, late] = walk(policy, [0, 10 ** 9]);
    expect(late?.until).toBeGreaterThan(10 ** 9);
    expect(walk(policy, [0, 10 ** 12])[1]?.exit).toBe(late?.exit);
  });

  it('per_connection: opens another when the connection breaks', () => {
    const policy = { policy: 'per_connection', exits: 2, weights: [1, 1], lifetime: 10 ** 12 } as const;
    const times = every(SECOND, 1000);
    expect(new Set(walk(policy, times).map(({ until }) => until)).size).toBe(1);
    const broken = walk(policy, times, { closedAt: times });
    expect(new Set(broken.map(({ until }) => until)).size).toBe(1000);
    expect(shareOf(broken, 0)).toBeCloseTo(0.5, 1);
  });

  it('per_request: all exits equally likely, each time anew', () => {
    const states = walk({ policy: 'per_request', exits: 4 }, every(1, 100_000));
    for (const exit of [0, 1, 2, 3]) expect(shareOf(states, exit)).toBeCloseTo(0.25, 2);
    const stayed = states.filter((state, index) => state.exit === states[index - 1]?.exit).length;
    expect(stayed / 100_000).toBeCloseTo(0.25, 2);
  });

  it('switch: dwells, then takes another of the exits', () => {
    const states = walk({ policy: 'switch', exits: 3, dwell: 60 * SECOND }, every(SECOND, 600_000));
    const switches = states.filter((state, index) => index > 0 && state.exit !== states[index - 1]?.exit).length;
    // 10000 expected, standard deviation 100; two within one second show as one or none.
    expect(switches / 10_000).toBeCloseTo(1, 1);
    for (const exit of [0, 1, 2]) expect(shareOf(states, exit)).toBeCloseTo(1 / 3, 1);
  });

  it('pingpong: away for a time within its range, home for an exponential one', () => {
    const policy = { policy: 'pingpong', gap: 60 * SECOND, away: [5 * SECOND, 30 * SECOND] } as const;
    const states = walk(policy, every(SECOND, 600_000));
    // Away 17.5 s of every 77.5 s.
    expect(shareOf(states, 1)).toBeCloseTo(17.5 / 77.5, 2);
  });

  it('pingpong: each absence lasts as long as its range says, both ends included', () => {
    const policy = { policy: 'pingpong', gap: 60 * SECOND, away: [5, 7] } as const;
    const stream = random(11, 0, 'egress');
    const egress = enter(policy, 0, 0, stream);
    const walked = [egress.until];
    const absences = Array.from({ length: 300 }, () => {
      proceed(egress, policy, egress.until, false, stream);
      const left = egress.until;
      const length = left - (walked.at(-1) ?? 0);
      walked.push(left);
      return egress.exit === 1 ? length : null;
    });
    expect([...new Set(absences.filter((length) => length !== null))].sort()).toEqual([5, 6, 7]);
  });

  it('shared: even by user number, or Zipf(1)', () => {
    const of = (sizes: 'even' | 'zipf') =>
      Array.from({ length: 12_000 }, (_, user) => enter({ policy: 'shared', exits: 3, sizes }, user, 0, random(11, user, 'egress')));
    expect([0, 1, 2].map((exit) => shareOf(of('even'), exit))).toEqual([1 / 3, 1 / 3, 1 / 3]);
    // 1 : 1/2 : 1/3 is 6 : 3 : 2 of 11.
    [6, 3, 2].forEach((part, exit) => {
      expect(shareOf(of('zipf'), exit)).toBeCloseTo(part / 11, 2);
    });
  });

  it("does not depend on other users: a user's walk is the same alone and among others", () => {
    const policy = { policy: 'switch', exits: 4, dwell: SECOND } as const;
    const together = [0, 1, 2].map((user) => ({ user, stream: random(11, user, 'egress') }));
    const states = together.map(({ user, stream }) => enter(policy, user, 0, stream));
    for (const time of every(SECOND / 2, 200)) {
      together.forEach(({ stream }, index) => {
        proceed(states[index]!, policy, time, false, stream);
      });
    }
    expect(states).toEqual([0, 1, 2].map((user) => walk(policy, every(SECOND / 2, 200), { user }).at(-1)));
  });
});
