// Numbers as people write them: ranges of time, rates, weights and percentages, sizes in bytes.

import type { Micros } from '../../model/units.ts';
import { readDuration } from './duration.ts';
import { type Reading, read, unreadable } from './reading.ts';

export const A_RANGE = 'a duration such as 500ms, or a range such as 200ms..1s';
export const A_RATE = 'a rate such as 20/s, 600/min or 3000/h';
export const A_WEIGHT = 'a weight above 0, such as 3 or 20%';
export const A_SIZE = 'a size such as 64KB or 10MB';

export interface Range {
  readonly min: Micros;
  readonly max: Micros;
}

/** `200ms..1s`, or one duration for a range of no width. */
export function readRange(value: unknown): Reading<Range> {
  const ends = typeof value === 'string' ? value.split('..') : [value];
  if (ends.length > 2) return unreadable('A range has two ends: 200ms..1s.');
  const min = readDuration(ends[0]);
  const max = readDuration(ends[ends.length - 1]);
  if (!min.ok) return min;
  if (!max.ok) return max;
  if (min.value > max.value) return unreadable(`The smaller end comes first: ${ends[1]}..${ends[0]}.`);
  return read({ min: min.value, max: max.value });
}

const PER_SECOND: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3600, hour: 3600 };

/** A rate in events per second. A bare number is per second, as in Artillery. */
export function readRate(value: unknown): Reading<number> {
  if (typeof value === 'number') return value >= 0 && Number.isFinite(value) ? read(value) : unreadable('A rate cannot be negative.');
  if (typeof value !== 'string') return unreadable();
  const match = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*\/\s*([a-z]+)$/i.exec(value.trim());
  if (match === null) return unreadable();
  const seconds = PER_SECOND[match[2] ?? ''];
  return seconds === undefined ? unreadable('Rates are per s, min or h.') : read(Number(match[1]) / seconds);
}

/** A share relative to the other shares; the percent sign is for the reader. */
export function readWeight(value: unknown): Reading<number> {
  const number = typeof value === 'string' && /^\d+(\.\d+)?%$/.test(value) ? Number(value.slice(0, -1)) : value;
  if (typeof number !== 'number') return unreadable();
  return number > 0 && Number.isFinite(number) ? read(number) : unreadable('Leave the entry out to give it no share.');
}

const BYTES: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Bytes; KB, MB and GB are powers of 1024. */
export function readSize(value: unknown): Reading<number> {
  const match = /^(\d+(?:\.\d+)?)\s*([KMG]?B?)$/i.exec(String(value).trim());
  if (match === null || (typeof value !== 'string' && typeof value !== 'number')) return unreadable('Units are B, KB, MB and GB.');
  const unit = (match[2] ?? '').toUpperCase();
  const bytes = Math.round(Number(match[1]) * (BYTES[unit] ?? BYTES[`${unit}B`] ?? 1));
  return bytes > 0 && Number.isSafeInteger(bytes) ? read(bytes) : unreadable('The size must be above 0.');
}
