import { describe, expect, it } from 'vitest';
import type { Measure } from '../../model/measure.ts';
import { basisText, fullName, shareText, shortName, valueText } from './measure-text.ts';

const measure = (more: Partial<Measure>): Measure => ({
  name: 'session.lost',
  labels: {},
  value: 1,
  unit: 'events',
  n: null,
  interval: null,
  sight: 'L3',
  bound: 'exact',
  ...more,
});
const said = (more: Partial<Measure>): string => `${valueText(measure(more))} ${basisText(measure(more))}`.trim();

describe('a measure in words', () => {
  it('is not observable rather than 0', () => {
    expect(said({ value: null, bound: 'not observable' })).toBe('not observable');
    expect(said({ value: null, bound: 'exact', n: 4 })).toBe('not observable');
    expect(said({ value: 0, bound: 'not observable' })).toBe('not observable');
  });

  it('says that it is a bound', () => {
    expect(said({ value: 12, bound: 'lower' })).toBe('at least 12');
    expect(said({ value: 12, bound: 'upper' })).toBe('at most 12');
    expect(said({ value: 0, bound: 'lower' })).toBe('none seen');
  });

  it('that is nothing of so many says how many there may still be', () => {
    expect(said({ value: 0, n: 7_956 })).toBe('0 of 7,956 (at most 0.05 %)');
    expect(said({ value: 0, n: 102, unit: 'fraction', interval: [0, 0.0363] })).toBe('0 of 102 (at most 3.63 %)');
    expect(said({ value: 0, n: 35, unit: 'fraction' })).toBe('0 n = 35');
    expect(said({ value: 0, n: 2 })).toBe('0 of 2 (at most 65.77 %)');
    expect(said({ value: 0, n: 0 })).toBe('0');
  });

  it('that is a lower bound has no upper end', () => {
    expect(said({ value: 0, n: 12_345, bound: 'lower' })).toBe('none seen of 12,345');
    expect(said({ value: 0, n: 102, unit: 'fraction', interval: [0, 0.0363], bound: 'lower' })).toBe('none seen of 102');
    expect(said({ value: 0.4, n: 35, unit: 'fraction', interval: [0.25, 0.57], bound: 'lower' })).toBe('at least 0.4 of 35');
    expect(said({ value: 0, n: 12_345, bound: 'upper' })).toBe('at most 0 of 12,345 (at most 0.04 %)');
    const share = { n: 44, unit: 'fraction', bound: 'lower' } as const;
    expect(shareText(measure({ ...share, value: 41 / 44, interval: [0.8177, 0.9765] }))).toBe('at least 41 of 44');
    expect(shareText(measure({ ...share, value: 0, interval: [0, 0.0803] }))).toBe('none seen of 44');
  });

  it('shows its interval and its number of observations', () => {
    expect(said({ value: 0.9987, unit: 'fraction', n: 12_345, interval: [0.9971, 0.9995] })).toBe('0.9987 (0.9971–0.9995) of 12,345');
    expect(said({ value: 0.41, unit: 'fraction', n: 35 })).toBe('0.41 n = 35');
  });

  it('that is a count has no interval, for it was counted', () => {
    expect(said({ value: 60, n: 7_956 })).toBe('60 of 7,956');
    expect(said({ value: 60, n: 7_956, interval: [47, 77] })).toBe('60 of 7,956');
    expect(said({ value: 3, unit: 'users', interval: [1, 8] })).toBe('3');
  });

  it('as a share tells hits and tries', () => {
    expect(shareText(measure({ value: 41 / 44, n: 44, unit: 'fraction', interval: [0.8177, 0.9765] }))).toBe('41 of 44 (81–98 %)');
    expect(shareText(measure({ value: 0, n: 63, unit: 'fraction', interval: [0, 0.0575] }))).toBe('0 of 63 (at most 5.75 %)');
    expect(shareText(measure({ value: null, n: 0, unit: 'fraction', bound: 'not observable' }))).toBe('not observable');
  });

  it('has a name that thresholds know and one for people', () => {
    expect(fullName('session.lost', { cause: 'failover', zone: 'a' })).toBe('session.lost{cause:failover,zone:a}');
    expect(shortName('balance.peak_to_mean')).toBe('peak to mean');
  });
});
