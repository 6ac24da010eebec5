import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../model/units.ts';
import { closed } from '../fixtures/fake-world.ts';
import { crowd, staysOf } from './population.ts';
import { timetable } from './timetable.ts';

describe('the population of a closed model', () => {
  it('ramps up evenly and down in reverse', () => {
    const slots = timetable([closed(0, 4, 4 * SECOND), closed(4, 4, SECOND), closed(4, 0, 4 * SECOND)]);
    expect(crowd(slots)).toBe(4);
    expect([0, 1, 2, 3, 4].map((user) => staysOf(user, slots))).toEqual([
      [{ join: 0, leave: 9 * SECOND }],
      [{ join: SECOND, leave: 8 * SECOND }],
      [{ join: 2 * SECOND, leave: 7 * SECOND }],
      [{ join: 3 * SECOND, leave: 6 * SECOND }],
      [],
    ]);
  });

  it('steps up a staircase at once', () => {
    const slots = timetable([closed(1, 1, SECOND), closed(3, 3, SECOND)]);
    expect([0, 1, 2].map((user) => staysOf(user, slots))).toEqual([
      [{ join: 0, leave: 2 * SECOND }],
      [{ join: SECOND, leave: 2 * SECOND }],
      [{ join: SECOND, leave: 2 * SECOND }],
    ]);
  });

  it('calls a user back who had left', () => {
    const slots = timetable([closed(2, 2, SECOND), closed(1, 1, SECOND), closed(1, 2, SECOND)]);
    expect(staysOf(1, slots)).toEqual([
      { join: 0, leave: SECOND },
      { join: 2 * SECOND, leave: 3 * SECOND },
    ]);
  });

  it('lets users join in the order of their numbers', () => {
    const phase = fc.tuple(fc.nat(30), fc.nat(30), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 4 }), (list) => {
        const slots = timetable(list.map(([from, to, duration]) => closed(from, to, duration)));
        const joins = Array.from({ length: crowd(slots) }, (_, user) => staysOf(user, slots)[0]?.join ?? -1);
        expect([...joins].sort((one, other) => one - other)).toEqual(joins);
        expect(joins).not.toContain(-1);
      }),
    );
  });

  it('has n(t) users at any time, to within the one who is just joining or leaving', () => {
    const phase = fc.tuple(fc.nat(30), fc.nat(30), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 4 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (list, part) => {
        const slots = timetable(list.map(([from, to, duration]) => closed(from, to, duration * SECOND)));
        for (const { phase: load, begin, end } of slots) {
          if (load.model !== 'closed') continue;
          const time = begin + Math.floor(part * (end - begin));
          const wanted = load.from + ((load.to - load.from) * (time - begin)) / (end - begin);
          const there = Array.from({ length: crowd(slots) }, (_, user) => staysOf(user, slots)).filter((stays) =>
            stays.some(({ join, leave }) => join <= time && time < leave),
          ).length;
          expect(Math.abs(there - wanted)).toBeLessThanOrEqual(1.001);
        }
      }),
    );
  });
});
