import { describe, expect, it } from 'vitest';
import { type ProgressView, progressDisplay, progressLine } from './progress.ts';
import { columnsOf } from './report/visible.ts';

const view: ProgressView = {
  phase: 'steady',
  elapsed: 18_200_000,
  total: 35_000_000,
  users: 200,
  requestsPerSecond: 2_041.4,
  feltP50: 812,
  feltP99: 4_213,
  errors: 63,
  affinity: 0.99996,
  losses: { failover: 57, spurious: 0, rotation_race: 1 },
  backends: [
    { name: 'tomcat01', requests: 0 },
    { name: 'tomcat02', requests: 2_041 },
  ],
  hurt: ['kill tomcat01'],
  nextFault: { text: 'kill tomcat02', in: 6_800_000 },
};

const early: ProgressView = {
  ...view,
  phase: '',
  elapsed: 0,
  requestsPerSecond: 0,
  feltP50: null,
  feltP99: null,
  errors: 0,
  affinity: null,
  losses: {},
  backends: [],
  hurt: [],
  nextFault: null,
};

describe('progress', () => {
  it('in one line says where the run is and what it has found', () => {
    expect(progressLine(view)).toBe(
      '18.2 s of 35 s, steady, 200 users, 2,041 req/s, p99 4.21 ms, affinity 0.99996, lost 58 (57 failover, 1 rotation race), errors 63, ' +
        'now: kill tomcat01, next: kill tomcat02 in 6.8 s',
    );
  });

  it('speaks of one user as of one', () => {
    expect(progressLine({ ...early, users: 1 })).toBe('0 s of 35 s, 1 user, 0 req/s, lost 0, errors 0');
  });

  it('says nothing of what it does not know yet', () => {
    expect(progressLine(early)).toBe('0 s of 35 s, 200 users, 0 req/s, lost 0, errors 0');
  });

  it('on a terminal shows shares as bars', () => {
    expect(progressDisplay(view, 80)).toEqual([
      '████████████████░░░░░░░░░░░░░░  18.2 s of 35 s  steady',
      'users 200   req/s 2,041   felt p50 812 µs   p99 4.21 ms',
      'affinity 0.99996   lost 58 (57 failover, 1 rotation race)   errors 63',
      'tomcat01  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 %',
      'tomcat02  ██████████████████████████████  100 %',
      'now: kill tomcat01, next: kill tomcat02 in 6.8 s',
    ]);
    expect(progressDisplay(early, 80)).toEqual([
      '░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 s of 35 s',
      'users 200   req/s 0   felt p50 –   p99 –',
      'affinity –   lost 0   errors 0',
      'no fault ahead',
    ]);
  });

  it('never runs over the width, and shows what a terminal would obey', () => {
    const evil = 'x\u001b[2J\n東京'.repeat(9);
    const hostile = { ...view, phase: evil, backends: [{ name: evil, requests: 1 }], hurt: [evil], losses: { [evil]: 2 } };
    for (let width = 40; width < 120; width++) {
      const lines = progressDisplay(hostile, width);
      expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
      expect(lines).toHaveLength(5);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect([...progressDisplay(hostile, 80), progressLine(hostile)].join('').match(/[\u0000-\u001f]/g)).toBe(null);
  });
});
