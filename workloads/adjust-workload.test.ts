import { describe, expect, it } from 'vitest';
import { StickyError } from '../model/errors.ts';
import type { Workload } from '../model/workload.ts';
import { adjustWorkload } from './adjust-workload.ts';
import { parseWorkload } from './parse-workload.ts';

function workload(text: string): Workload {
  const parsed = parseWorkload(text, 'shop.yml', () => '');
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.workload;
}

const CLOSED = workload(`lab: { strategy: jvm_route }
phases: [{ name: warm, duration: 4s, rampTo: 30, warmup: true }, { name: steady, duration: 20s }, { name: up, duration: 20s, rampTo: 60 }]
flow: [{ get: / }]
faults: [{ at: 2s, kill: tomcat01, for: 1s }, { at: 14s, kill: tomcat02, for: 10s }, { at: 34s, restart: tomcat01 }]
`);

const OPEN = workload(
  'target: http://127.0.0.1:8080\nphases: [{ duration: 10s, arrivalRate: 5/s }]\nflow: [{ get: / }]\nusers: { count: 70 }\n',
);

function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error instanceof StickyError ? { code: error.code, message: error.message, hint: error.hint } : error;
  }
}

describe('adjusting', () => {
  it('changes nothing when nothing is asked', () => {
    expect(adjustWorkload(CLOSED, {})).toEqual(CLOSED);
  });

  it('takes another seed', () => {
    expect(adjustWorkload(CLOSED, { seed: 7 })).toEqual({ ...CLOSED, seed: 7 });
  });

  it('scales the closed phases to a number of users', () => {
    const { phases, users } = adjustWorkload(CLOSED, { users: 6 });
    expect(phases.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [3, 3],
      [3, 6],
    ]);
    expect(users.count).toBe(6);
  });

  it('leaves arrival rates alone', () => {
    expect(adjustWorkload(OPEN, { users: 9 })).toEqual({ ...OPEN, users: { ...OPEN.users, count: 9 } });
  });

  it('scales all but the warm-ups to a duration, and faults with their phases', () => {
    const { phases, faults } = adjustWorkload(CLOSED, { duration: 10_000_000 });
    expect(phases.map(({ duration }) => duration)).toEqual([4_000_000, 5_000_000, 5_000_000]);
    expect(faults.map(({ at, duration }) => [at, duration])).toEqual([
      [2_000_000, 1_000_000],
      [6_500_000, 2_500_000],
      [11_500_000, null],
    ]);
  });

  it('takes a target of the user in place of a lab without faults', () => {
    const plain = { ...CLOSED, faults: [] };
    const adjusted = adjustWorkload(plain, { target: 'https://shop.example.com' });
    expect(adjusted.target).toEqual({
      kind: 'own',
      url: 'https://shop.example.com',
      strategy: null,
      backends: [],
      failTimeout: 10_000_000,
      sessionTimeout: 1_800_000_000,
    });
    expect(adjusted.users.via).toEqual({ via: 'header', header: 'X-Forwarded-For' });
    expect(adjustWorkload(plain, { target: 'http://127.0.0.1:9' }).users.via).toEqual({ via: 'bind' });
  });

  it('keeps what the file says of the target when only its address is another', () => {
    const told = {
      ...OPEN,
      target: { ...OPEN.target, kind: 'own' as const, url: 'http://a/', strategy: 'ip_hash' as const, backends: ['x'] },
    } as Workload;
    expect(adjustWorkload(told, { target: 'http://127.0.0.2:9' }).target).toEqual({ ...told.target, url: 'http://127.0.0.2:9' });
  });

  it('shows no password of a target it refuses', () => {
    const refused = (target: string): unknown => thrown(() => adjustWorkload(CLOSED, { target }));
    expect(['https://joe:SECRET@host', 'ftp://joe:SECRET@host'].map(refused)).toEqual([
      expect.objectContaining({
        message:
          'faults[0], kill tomcat01 at 2s, cannot be done to https://***@host: stickybench hurts only processes that it started itself.',
      }),
      expect.objectContaining({ message: 'ftp://***@host is not an http or https URL.' }),
    ]);
  });

  it('names the first fault that only a lab can have', () => {
    expect(thrown(() => adjustWorkload(CLOSED, { target: 'http://127.0.0.1:9' }))).toEqual({
      code: 'FAULT_IMPOSSIBLE',
      message:
        'faults[0], kill tomcat01 at 2s, cannot be done to http://127.0.0.1:9: stickybench hurts only processes that it started itself.',
      hint: 'On your own deployment use `exec:` or `http:` faults; in a lab name one of its backends.',
    });
  });

  it('refuses what is no URL and no number', () => {
    expect([
      thrown(() => adjustWorkload(OPEN, { target: 'shop.example.com' })),
      thrown(() => adjustWorkload(OPEN, { users: 0 })),
      thrown(() => adjustWorkload(OPEN, { seed: 1.5 })),
      thrown(() => adjustWorkload(OPEN, { duration: Number.NaN })),
    ]).toEqual([
      {
        code: 'TARGET_INVALID',
        message: 'shop.example.com is not an http or https URL.',
        hint: 'Write https://shop.example.com or http://shop.example.com.',
      },
      { code: 'USAGE', message: 'users is a whole number, 1 or more; got 0.', hint: 'See `stickybench --help`.' },
      { code: 'USAGE', message: 'seed is a whole number, 0 or more; got 1.5.', hint: 'See `stickybench --help`.' },
      { code: 'USAGE', message: 'duration is a whole number, 1 or more; got NaN.', hint: 'See `stickybench --help`.' },
    ]);
  });
});
