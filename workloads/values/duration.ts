// Lengths of time as people write them: `200ms`, `5s`, `1m30s`, `2h`.

import type { Micros } from '../../model/units.ts';
import { type Reading, read, unreadable } from './reading.ts';

export const A_DURATION = 'a duration such as 200ms, 5s, 1m30s or 2h';
export const DURATION_PATTERN = '^(0|(\\d+(\\.\\d+)?(us|ms|s|min|m|h|d))+)$';

const SIZES: Readonly<Record<string, Micros>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};

/** Reads a duration into whole microseconds. A bare 0 needs no unit; every other number does. */
export function readDuration(value: unknown): Reading<Micros> {
  if (value === 0 || value === '0') return read(0);
  if (typeof value === 'number') return unreadable(bareNumber(value));
  if (typeof value !== 'string') return unreadable();
  const compact = value.trim();
  if (new RegExp(DURATION_PATTERN).test(compact)) return measured(compact);
  if (/^\d+(\.\d+)?$/.test(compact)) return unreadable(bareNumber(Number(compact)));
  const mended = repaired(compact);
  return unreadable(mended === null ? 'Units are us, ms, s, m, h and d.' : `Write ${mended}.`);
}

/** The shortest exact text of whole microseconds, `1m30s`; reads back as the same number. */
export function formatDuration(duration: Micros): string {
  let rest = duration;
  let text = '';
  for (const unit of ['h', 'm', 's', 'ms', 'us']) {
    const size = SIZES[unit] ?? 1;
    const whole = Math.floor(rest / size);
    if (whole > 0) text += `${whole}${unit}`;
    rest -= whole * size;
  }
  return text === '' ? '0s' : text;
}

function measured(text: string): Reading<Micros> {
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)) total += Number(number) * (SIZES[unit ?? ''] ?? 0);
  return Number.isSafeInteger(Math.round(total)) ? read(Math.round(total)) : unreadable('That is longer than 285 years.');
}

function bareNumber(value: number): string {
  return value < 0 ? 'A duration cannot be negative.' : `Give the unit: ${value}s or ${value}ms.`;
}

/** `5 sec` and `2 Minutes` are clear enough to say how they are written here. */
function repaired(text: string): string | null {
  const match = /^(\d+(?:\.\d+)?)\s*(milliseconds?|millis|msecs?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|ms|s|m|h|d)$/i.exec(text);
  if (match === null) return null;
  const word = (match[2] ?? '').toLowerCase();
  const unit = /^(milli|ms)/.test(word) ? 'ms' : word.charAt(0);
  return `${match[1]}${unit}`;
}
