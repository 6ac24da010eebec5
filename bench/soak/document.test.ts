import { describe, expect, it } from 'vitest';
import { latencyTrend, residentTrend, type Soak } from './document.ts';
import { soakMarkdown } from './markdown.ts';

const SOAK: Soak = {
  minutes: 3,
  rate: 4000,
  users: 2000,
  requests: 720_001,
  rows: 720_000,
  verdict: 'pass',
  answer: 'No session was lost.',
  busy: 0.123,
  // Settles at 200 MB within the first minute, then gains 6 MB an hour.
  resident: Array.from({ length: 181 }, (_, second) => (second < 60 ? 100 + second : 200 + (second - 60) / 600)),
  windows: [0, 30, 60, 90, 120, 150, 180].map((at) => ({
    at,
    requests: at === 180 ? 400 : 120_000,
    p50: 0.2,
    p99: at === 0 ? 80 : 2 + at / 1800,
  })),
};

describe('the trends of a soak', () => {
  const rounded = (trend: ReturnType<typeof residentTrend>) =>
    trend && Object.fromEntries(Object.entries(trend).map(([name, value]) => [name, Number(value?.toFixed(4))]));

  it('begin when the first minute is over', () => {
    expect(rounded(residentTrend(SOAK))).toEqual({ perHour: 6, first: 200.0333, last: 200.1667 });
  });

  it('leave out a last window that is too short to have a percentile', () => {
    expect(rounded(latencyTrend(SOAK))).toEqual({ perHour: 2, first: 2.0417, last: 2.075 });
  });

  it('are not known of a run that ends before they begin', () => {
    expect([residentTrend({ ...SOAK, resident: [1, 2, 3] }), latencyTrend({ ...SOAK, windows: SOAK.windows.slice(0, 2) })]).toEqual([
      null,
      null,
    ]);
  });
});

it('prints a soak with its trends and what judging its record took', async () => {
  const document = {
    version: 1,
    command: 'npm run soak -- --minutes 3',
    startedAt: '2026-01-02T03:04:05.678Z',
    machine: { processor: 'a processor', cores: 2, memory: 8 * 2 ** 30, system: 'Debian', kernel: '6.1.0' },
    versions: { stickybench: '1.0.0', nginx: '1.22.1' },
    soak: SOAK,
    judged: [{ what: 'of the load', rows: 720_000, size: 12_345_678, seconds: 4.25, cpu: 4.5, peak: 201_000_000, same: true }],
  } as const;
  await expect(soakMarkdown(document)).toMatchFileSnapshot('fixtures/soak.md');
});
