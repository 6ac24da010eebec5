import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAgenda } from './agenda.ts';
import type { Alarm } from './clock.ts';

/** A clock moved by hand, and an alarm that rings when it is told to. */
function world() {
  const state = { now: 0, setFor: null as number | null, ring: () => {} };
  const alarm: Alarm = {
    set(delay, ring) {
      state.setFor = state.now + delay;
      state.ring = ring;
    },
    cancel() {
      state.setFor = null;
    },
  };
  const failures: unknown[] = [];
  const agenda = createAgenda(
    () => state.now,
    alarm,
    (error) => failures.push(error),
  );
  return { state, agenda, failures };
}

describe('the agenda', () => {
  it('wakes sleepers in the order of their times, those of one time in the order of listing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (times) => {
        const { agenda } = world();
        const woken: (readonly [number, number])[] = [];
        times.forEach((time, order) => {
          agenda.sleep({ wake: () => woken.push([time, order]) }, time);
        });
        agenda.run(20);
        const expected = times.map((time, order) => [time, order] as const).sort(([one, a], [other, b]) => one - other || a - b);
        expect(woken).toEqual(expected);
      }),
    );
  });

  it('sets the alarm for the next sleeper, and sooner when an earlier one is listed', () => {
    const { agenda, state } = world();
    agenda.sleep({ wake() {} }, 500);
    agenda.run(0);
    expect(state.setFor).toBe(500);
    agenda.sleep({ wake() {} }, 900);
    agenda.run(0);
    expect(state.setFor).toBe(500);
    agenda.sleep({ wake() {} }, 200);
    agenda.run(0);
    expect(state.setFor).toBe(200);
    state.now = 250;
    state.ring();
    expect(state.setFor).toBe(500);
  });

  it('sets the alarm by the clock when acting has taken a while', () => {
    const { agenda, state } = world();
    const busy = {
      wake() {
        state.now += 20;
      },
    };
    agenda.sleep(busy, 100);
    agenda.sleep({ wake() {} }, 130);
    agenda.run(0);
    state.now = 105;
    state.ring();
    // Acting ended at 125: five more, not twenty-five.
    expect([state.now, state.setFor]).toEqual([125, 130]);
    state.now = 131;
    agenda.sleep(busy, 140);
    agenda.sleep(busy, 145);
    state.now = 141;
    state.ring();
    expect([state.now, state.setFor]).toEqual([161, 161]);
  });

  it('wakes nobody early when the alarm rings early', () => {
    const { agenda, state } = world();
    const woken: number[] = [];
    agenda.sleep({ wake: (now) => woken.push(now) }, 500);
    agenda.run(0);
    state.now = 499;
    state.ring();
    expect([woken, state.setFor]).toEqual([[], 500]);
    state.now = 503;
    state.ring();
    expect(woken).toEqual([503]);
  });

  it('lets those who become ready in mid-round act afterwards, at the latest time known, without growing the stack', () => {
    const { agenda } = world();
    const woken: number[] = [];
    let left = 100_000;
    const sleeper = {
      wake(now: number) {
        woken.push(now);
        left -= 1;
        if (left === 0) return;
        agenda.ready(sleeper);
        agenda.run(now + 1);
      },
    };
    agenda.ready(sleeper);
    agenda.run(1);
    expect([woken.length, woken[0], woken.at(-1)]).toEqual([100_000, 1, 100_000]);
  });

  it('has those in beds woken by the warden, in their order among the sleepers', () => {
    const { agenda, failures } = world();
    const woken: string[] = [];
    agenda.appoint({ wake: (bed, now) => woken.push(`bed ${bed} at ${now}`) });
    agenda.rest(7, 20);
    agenda.sleep({ wake: (now) => woken.push(`sleeper at ${now}`) }, 20);
    agenda.rest(0, 20);
    agenda.rest(7, 10);
    agenda.run(10);
    agenda.run(20);
    expect(woken).toEqual(['bed 7 at 10', 'bed 7 at 20', 'sleeper at 20', 'bed 0 at 20']);
    agenda.rest(1, 30);
    expect([agenda.stop(), failures]).toEqual([[], []]);
    expect(() => agenda.appoint({ wake() {} })).toThrow('there is a warden already');
  });

  it('fails when nobody wakes those in beds', () => {
    const { agenda, failures } = world();
    agenda.rest(3, 1);
    agenda.run(1);
    expect(failures).toEqual([new Error('nobody lies in bed 3')]);
  });

  it('stops when a sleeper throws, and says so', () => {
    const { agenda, failures, state } = world();
    const woken: string[] = [];
    agenda.sleep(
      {
        wake() {
          throw new Error('impossible');
        },
      },
      1,
    );
    agenda.sleep({ wake: () => woken.push('late') }, 2);
    agenda.run(5);
    agenda.run(6);
    expect([woken, failures, state.setFor]).toEqual([[], [new Error('impossible')], null]);
  });

  it('returns those who were waiting when it is stopped', () => {
    const { agenda } = world();
    const one = { wake() {} };
    const other = { wake() {} };
    agenda.sleep(one, 5);
    agenda.ready(other);
    expect(agenda.stop()).toEqual([other, one]);
    expect(agenda.stop()).toEqual([]);
  });
});
