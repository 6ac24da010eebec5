import { describe, expect, it } from 'vitest';
import { readRange, readRate, readSize, readWeight } from './quantities.ts';

describe('range', () => {
  it('reads two ends, or one for both', () => {
    expect(readRange('200ms..1s')).toEqual({ ok: true, value: { min: 200_000, max: 1_000_000 } });
    expect(readRange('500ms')).toEqual({ ok: true, value: { min: 500_000, max: 500_000 } });
    expect(readRange(0)).toEqual({ ok: true, value: { min: 0, max: 0 } });
  });

  it.each([
    ['1s..200ms', 'The smaller end comes first: 200ms..1s.'],
    ['1s..2s..3s', 'A range has two ends: 200ms..1s.'],
    ['1..2s', 'Give the unit: 1s or 1ms.'],
    [3, 'Give the unit: 3s or 3ms.'],
  ])('refuses %s', (text, hint) => {
    expect(readRange(text)).toEqual({ ok: false, hint });
  });
});

describe('rate', () => {
  it.each([
    ['20/s', 20],
    ['600/min', 10],
    ['3600/h', 1],
    ['0.5/s', 0.5],
    ['1e-7/s', 1e-7],
    [20, 20],
    [0, 0],
  ])('reads %s as %d per second', (text, rate) => {
    expect(readRate(text)).toEqual({ ok: true, value: rate });
  });

  it.each([
    ['20/fortnight', 'Rates are per s, min or h.'],
    ['fast', ''],
    [-1, 'A rate cannot be negative.'],
  ])('refuses %s', (text, hint) => {
    expect(readRate(text)).toEqual({ ok: false, hint });
  });
});

describe('weight', () => {
  it('takes numbers and percentages alike', () => {
    expect([readWeight(80), readWeight('20%'), readWeight(0.5)]).toEqual([
      { ok: true, value: 80 },
      { ok: true, value: 20 },
      { ok: true, value: 0.5 },
    ]);
  });

  it('is above 0', () => {
    expect([readWeight(0), readWeight(-1), readWeight('many')]).toEqual([
      { ok: false, hint: 'Leave the entry out to give it no share.' },
      { ok: false, hint: 'Leave the entry out to give it no share.' },
      { ok: false, hint: '' },
    ]);
  });
});

describe('size', () => {
  it.each([
    [1024, 1024],
    ['64KB', 65_536],
    ['10MB', 10_485_760],
    ['1.5 k', 1536],
    ['2gb', 2_147_483_648],
    ['7B', 7],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(readSize(text)).toEqual({ ok: true, value: bytes });
  });

  it('refuses what is no size', () => {
    expect([readSize('big'), readSize(0), readSize(null)]).toEqual([
      { ok: false, hint: 'Units are B, KB, MB and GB.' },
      { ok: false, hint: 'The size must be above 0.' },
      { ok: false, hint: 'Units are B, KB, MB and GB.' },
    ]);
  });
});
