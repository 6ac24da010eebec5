// One measure as words: its value, what it rests on, and what it is called.

import type { Bound, Measure } from '../../model/measure.ts';
import { count, percentAtMost, quantity } from './quantities.ts';

export const NOT_OBSERVABLE = 'not observable';

/** `0.9987`, `at least 12`, `none seen`, `not observable`. Never 0 for what was not observed. */
export function valueText({ value, unit, bound }: Measure): string {
  if (value === null || bound === 'not observable') return NOT_OBSERVABLE;
  return value === 0 && bound === 'lower' ? 'none seen' : boundWords(bound) + quantity(value, unit);
}

/** Whether anything was seen of any of them. */
export function anyObserved(measures: readonly Measure[]): boolean {
  return measures.some((measure) => valueText(measure) !== NOT_OBSERVABLE);
}

/** What the value rests on: `(0.9971–0.9995) of 12,345`, `of 12,345 (at most 0.04 %)` for nothing in so many, or nothing at all. */
export function basisText(measure: Measure): string {
  const { value, n } = measure;
  if (value === null) return '';
  const of = n === null || n === value ? '' : `${isCount(measure.unit) || measure.interval !== null ? 'of' : 'n ='} ${count(n)}`;
  return [value === 0 ? of : rangeText(measure), value === 0 ? rangeText(measure) : of].filter((part) => part !== '').join(' ');
}

/** Value and basis in one cell: `57 of 57 (93–100 %)` for a fraction of known size, `0 of 63 (at most 5.75 %)`. */
export function shareText(measure: Measure): string {
  const { value, n, unit, interval } = measure;
  if (value === null || n === null || unit !== 'fraction') return `${valueText(measure)} ${basisText(measure)}`.trim();
  const hits = `${boundWords(measure.bound)}${count(Math.round(value * n))} of ${count(n)}`;
  if (measure.bound === 'lower') return value === 0 ? `${valueText(measure)} of ${count(n)}` : hits;
  if (interval === null || value === 0) return `${hits} ${rangeText(measure)}`.trim();
  return `${hits} (${Math.floor(interval[0] * 100)}–${Math.ceil(interval[1] * 100)} %)`;
}

/**
 * In brackets. Zero of n: how often it may happen and still not have been seen. A count has no range, for it was counted; nor has a lower
 * bound, for it has no upper end; nor what is no share of things counted.
 */
function rangeText({ value, unit, interval, n, bound }: Measure): string {
  if (bound === 'lower') return '';
  if (interval === null && !isCount(unit)) return '';
  if (value === 0 && n !== null && n > 0) return `(at most ${percentAtMost(zeroLimit(n))})`;
  if (interval === null || isCount(unit)) return '';
  return `(${quantity(interval[0], unit)}–${quantity(interval[1], unit)})`;
}

/** Square of the 97.5 per cent quantile of the standard normal distribution. */
const Z_SQUARED = 1.959963984540054 ** 2;

/** Highest share that 95 per cent confidence leaves of 0 in n: the upper end of Wilson's interval, as all intervals of shares are his. */
function zeroLimit(n: number): number {
  return Z_SQUARED / (n + Z_SQUARED);
}

/** Whether the unit is of things counted one by one. */
export function isCount(unit: Measure['unit']): boolean {
  return unit === 'requests' || unit === 'events' || unit === 'sessions' || unit === 'users';
}

function boundWords(bound: Bound): string {
  if (bound === 'lower') return 'at least ';
  return bound === 'upper' ? 'at most ' : '';
}

/** The name as thresholds write it: `session.lost{cause:failover}`. */
export function fullName(name: string, labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}:${value}`);
  return parts.length === 0 ? name : `${name}{${parts.join(',')}}`;
}

/** First word of the name: the family it belongs to. */
export function family(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

/** The name without its family, in words: `peak to mean`. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('.') + 1).replaceAll('_', ' ');
}
