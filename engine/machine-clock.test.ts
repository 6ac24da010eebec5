import { describe, expect, it } from 'vitest';
import { MILLISECOND } from '../model/units.ts';
import { clockFrom, machineTime } from './machine-clock.ts';
import { passed } from './start-line.ts';

describe('the clock of the machine', () => {
  it('is told by a clock of this thread that starts at any of its instants, past or to come', () => {
    for (const zero of [machineTime() - 5_000_000, machineTime() + 5_000_000]) {
      const clock = clockFrom(zero);
      const before = machineTime() - zero;
      const shown = clock();
      const after = machineTime() - zero;
      expect(Number.isInteger(shown)).toBe(true);
      expect(shown).toBeGreaterThanOrEqual(before - MILLISECOND);
      expect(shown).toBeLessThanOrEqual(after + MILLISECOND);
    }
  });
});

describe('waiting for an instant', () => {
  it('ends when the clock shows it, and at once when it is past', async () => {
    let now = 0;
    const clock = () => now++;
    await passed(40, clock);
    expect(now).toBe(41);
    await passed(7, clock);
    expect(now).toBe(43);
  });
});
