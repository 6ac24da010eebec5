import { describe, expect, it } from 'vitest';
import { type SystemAlarm, startClock, systemAlarm } from './clock.ts';
import { eventLoopLoad } from './pulse.ts';

/** Milliseconds from setting the alarm until it rings. */
function rung(alarm: SystemAlarm, delay: number): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => alarm.set(delay, () => resolve(performance.now() - start)));
}

describe('the clock', () => {
  it('begins at 0 and counts whole microseconds', () => {
    const before = performance.now();
    const clock = startClock();
    const first = clock();
    const passed = (performance.now() - before) * 1000;
    expect(Number.isInteger(first)).toBe(true);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThanOrEqual(passed);
  });
});

describe.each([false, true])('an alarm of the system, precise: %s', (precise) => {
  it('rings when its time has come, never before', async () => {
    const alarm = systemAlarm({ precise });
    for (const delay of [0, 300, 4_000, 7_300]) {
      // A timer of Node may ring when its last millisecond has begun.
      expect(await rung(alarm, delay)).toBeGreaterThanOrEqual(delay / 1000 - (precise ? 0 : 1));
    }
  });

  it('rings once, for its last setting, and not at all when it is cancelled', async () => {
    const alarm = systemAlarm({ precise });
    const rings: string[] = [];
    alarm.set(500, () => rings.push('first'));
    alarm.set(5_000, () => rings.push('second'));
    alarm.set(1_000, () => rings.push('third'));
    while (rings.length === 0) await rung(systemAlarm({ precise: false }), 2_000);
    alarm.set(500, () => rings.push('cancelled'));
    alarm.cancel();
    await rung(systemAlarm({ precise: false }), 8_000);
    expect(rings).toEqual(['third']);
  });

  it('can be set again while it rings', async () => {
    const alarm = systemAlarm({ precise });
    let left = 5;
    await new Promise<void>((resolve) => {
      const ring = (): void => {
        left -= 1;
        if (left === 0) resolve();
        else alarm.set(100, ring);
      };
      alarm.set(100, ring);
    });
    expect(left).toBe(0);
  });
});

describe('a precise alarm', () => {
  it('tells how long it waited awake, which is no work', async () => {
    const alarm = systemAlarm({ precise: true });
    const load = eventLoopLoad(alarm.spun);
    let waited = 0;
    for (let times = 0; times < 30; times += 1) waited += await rung(alarm, 1_500);
    expect(alarm.spun()).toBeGreaterThan(0);
    expect(alarm.spun()).toBeLessThanOrEqual(waited);
    const share = load();
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThan(1);
  });

  it('sleeps through most of a long wait', async () => {
    // A machine that is busy enough may make any single wait a wakeful one.
    let least = 1;
    for (let wait = 0; wait < 100 && least >= 0.5; wait += 1) {
      const alarm = systemAlarm({ precise: true });
      const waited = await rung(alarm, 60_000);
      least = Math.min(least, alarm.spun() / waited);
    }
    expect(least).toBeLessThan(0.5);
  });

  it('is the only one that stays awake', async () => {
    const alarm = systemAlarm({ precise: false });
    await rung(alarm, 3_000);
    expect(alarm.spun()).toBe(0);
  });
});
