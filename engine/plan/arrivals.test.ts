import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../../model/units.ts';
import type { Phase } from '../../model/workload.ts';
import { closed, open } from '../fixtures/fake-world.ts';
import { arrivals } from './arrivals.ts';
import { timetable } from './timetable.ts';

const times = (phases: readonly Phase[], seed = 7): readonly number[] => [...arrivals(timetable(phases), seed)];

describe('even arrivals', () => {
  it('come at equal distances, the first at once', () => {
    expect(times([open(10, 10, SECOND)]).map((time) => time / MILLISECOND)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  });

  it('follow a ramp by the inverse of its integral: the n-th at duration x sqrt(n / total)', () => {
    const ramp = times([open(0, 10, 2 * SECOND)]);
    expect(ramp).toEqual(Array.from({ length: 10 }, (_, n) => Math.round(2 * SECOND * Math.sqrt(n / 10))));
    expect(ramp.slice(0, 4)).toEqual([0, 632_456, 894_427, 1_095_445]);
  });

  it('mirror themselves on a ramp down', () => {
    const down = times([open(10, 0, 2 * SECOND)]);
    expect(down).toEqual(Array.from({ length: 10 }, (_, n) => Math.round(2 * SECOND * (1 - Math.sqrt(1 - n / 10)))));
  });

  it('carry a fraction over from phase to phase', () => {
    const phases = [open(1.5, 1.5, SECOND), open(1.5, 1.5, SECOND), open(0, 0, SECOND), open(1, 1, SECOND)];
    expect(times(phases)).toEqual([0, 666_667, 1_333_333, 3_000_000]);
  });

  it('number ceil(integral) up to any time, whatever the phases', () => {
    const phase = fc.tuple(fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 4 }), (list) => {
        const all = times(list.map(([from, to, duration]) => open(from, to, duration * SECOND)));
        const integral = list.reduce((sum, [from, to, duration]) => sum + ((from + to) * duration) / 2, 0);
        expect(all.length).toBe(Math.ceil(integral));
        expect([...all].sort((one, other) => one - other)).toEqual(all);
      }),
    );
  });
});

describe('Poisson arrivals', () => {
  it('are the same for the same seed', () => {
    const all = times([open(100, 100, 100 * SECOND, 'poisson')]);
    expect(all.slice(0, 5)).toEqual([8436, 10188, 16642, 43417, 46466]);
    expect(times([open(100, 100, 100 * SECOND, 'poisson')], 8).slice(0, 2)).not.toEqual(all.slice(0, 2));
  });

  it('have a variance over seconds like their mean, and gaps that vary as much as they last', () => {
    const all = times([open(100, 100, 100 * SECOND, 'poisson')]);
    const counts = Array.from({ length: 100 }, (_, second) => all.filter((time) => Math.floor(time / SECOND) === second).length);
    const gaps = all.slice(1).map((time, place) => time - (all[place] ?? 0));
    expect(all.length).toBe(9937);
    expect(variance(counts) / mean(counts)).toBeCloseTo(1, 1);
    expect(mean(gaps)).toBeCloseTo(10_062.28, 1);
    expect(Math.sqrt(variance(gaps)) / mean(gaps)).toBeCloseTo(1, 2);
  });

  it('follow a ramp: a quarter of the arrivals in the first half', () => {
    const all = times([open(0, 200, 100 * SECOND, 'poisson')]);
    expect(all.length).toBe(9937);
    // Binomial(9937, 1/4): 2484, standard deviation 43.
    expect(all.filter((time) => time < 50 * SECOND).length).toBe(2453);
  });

  it('start afresh with each phase, in the model that the phase names', () => {
    expect(times([open(2, 2, SECOND), closed(1, 1, SECOND), open(2, 2, SECOND, 'poisson')])).toEqual([
      0, 500_000, 2_421_803, 2_509_408, 2_832_109,
    ]);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
}
