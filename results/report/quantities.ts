// Numbers with their units, as people read them.

import type { Unit } from '../../model/catalogue.ts';
import { assertNever } from '../../model/never.ts';
import { MILLISECOND, type Micros, SECOND } from '../../model/units.ts';

/** A value in its unit: `1.21 ms`, `84,512`, `0.9987`, `2,041/s`. */
export function quantity(value: number, unit: Unit): string {
  switch (unit) {
    case 'us':
      return time(value);
    case 'fraction':
      return fraction(value);
    case 'ratio':
    case 'backends':
      return significant(value);
    case 'requests/s':
      return `${value >= 100 ? count(Math.round(value)) : significant(value)}/s`;
    case 'bytes':
      return bytes(value);
    case 'requests':
    case 'sessions':
    case 'users':
    case 'events':
      return count(value);
    default:
      return assertNever(unit);
  }
}

/** A whole number with its thousands set apart; three significant digits when it is not whole. */
export function count(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : significant(value);
}

/** So many of something: `1 user`, `2,041 users`. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Microseconds in the unit that leaves three digits: `812 µs`, `12.3 ms`, `1.05 s`. */
export function time(micros: Micros): string {
  const size = Math.abs(micros);
  if (size < MILLISECOND - 0.5) return `${Number.isInteger(micros) ? micros : significant(micros)} µs`;
  if (size < SECOND - MILLISECOND / 2) return `${significant(micros / MILLISECOND)} ms`;
  return `${significant(micros / SECOND)} s`;
}

/** A moment of the run, to the millisecond: `12.904 s`. */
export function moment(micros: Micros): string {
  return `${(micros / SECOND).toFixed(3)} s`;
}

/** How long something took, for people: `45.2 s`, `2 min 5 s`, `1 h 3 min`. */
export function span(micros: Micros): string {
  const whole = Math.round(micros / SECOND);
  if (whole < 60) return `${(Math.round(micros / (SECOND / 10)) / 10).toString()} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** Four decimals, more where fewer would make it look like 0 or 1; no trailing zeros. */
export function fraction(value: number): string {
  for (let digits = 4; digits < 12; digits++) {
    const text = value.toFixed(digits);
    const lies = (Number(text) === 0 && value !== 0) || (Number(text) === 1 && value !== 1);
    if (!lies) return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  }
  return String(value);
}

/** A share as whole per cent, which says `<1 %` and `>99 %` where rounding would say nothing or all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  return share > 0.99 && share < 1 ? '>99 %' : `${Math.round(share * 100)} %`;
}

/** A share as a percentage that is not below it: two decimals, or one significant digit below 0.01 %. */
export function percentAtMost(share: number): string {
  const value = share * 100;
  const step = value >= 0.01 ? 0.01 : 10 ** Math.floor(Math.log10(value));
  const digits = value >= 0.01 ? 2 : -Math.floor(Math.log10(value));
  // The tiny amount taken off keeps 0.01 from becoming 0.02 for the sake of a last binary digit.
  return `${trimmed((Math.ceil(value / step - 1e-9) * step).toFixed(Math.min(20, digits)))} %`;
}

/** Three significant digits, never in exponents; whole numbers of more digits are kept whole and grouped. */
export function significant(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const before = Math.floor(Math.log10(Math.abs(value))) + 1;
  if (before >= 3) return Math.round(value).toLocaleString('en-US');
  const text = value.toFixed(Math.min(20, 3 - before));
  return Number(text) >= 10 ** before ? Number(text).toFixed(Math.max(0, 2 - before)) : text;
}

function bytes(value: number): string {
  if (value < 1_000) return `${count(value)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length, Math.floor(Math.log10(value) / 3));
  return `${significant(value / 1_000 ** step)} ${units[step - 1]}`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
