import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, readDuration } from './duration.ts';

describe('duration', () => {
  it.each([
    ['200ms', 200_000],
    ['5s', 5_000_000],
    ['1m30s', 90_000_000],
    ['2h', 7_200_000_000],
    ['1.5s', 1_500_000],
    ['5min', 300_000_000],
    ['250us', 250],
    ['1d', 86_400_000_000],
    ['0', 0],
    [0, 0],
    ['0s', 0],
  ])('reads %s as %d microseconds', (text, micros) => {
    expect(readDuration(text)).toEqual({ ok: true, value: micros });
  });

  it.each([
    [5, 'Give the unit: 5s or 5ms.'],
    ['30', 'Give the unit: 30s or 30ms.'],
    [-5, 'A duration cannot be negative.'],
    ['10 s', 'Write 10s.'],
    ['5 seconds', 'Write 5s.'],
    ['2 Minutes', 'Write 2m.'],
    ['100msec', 'Write 100ms.'],
    ['soon', 'Units are us, ms, s, m, h and d.'],
    ['', 'Units are us, ms, s, m, h and d.'],
    ['999999999d', 'That is longer than 285 years.'],
    [true, ''],
    [null, ''],
  ])('refuses %s', (text, hint) => {
    expect(readDuration(text)).toEqual({ ok: false, hint });
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (micros) => {
        expect(readDuration(formatDuration(micros))).toEqual({ ok: true, value: micros });
      }),
    );
  });

  it('writes the shortest exact text', () => {
    expect([0, 250, 1_500_000, 90_000_000, 3_600_000_000].map(formatDuration)).toEqual(['0s', '250us', '1s500ms', '1m30s', '1h']);
  });
});
