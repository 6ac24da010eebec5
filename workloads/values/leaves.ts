// The small values that a workload file is made of, each with its words for people and its form for editors.

import type { Template } from '../../model/template.ts';
import type { Micros } from '../../model/units.ts';
import { A_DURATION, DURATION_PATTERN, readDuration } from './duration.ts';
import { readHeaderName, TOKEN } from './headers.ts';
import { A_RANGE, A_RATE, A_SIZE, A_WEIGHT, readRange, readRate, readSize, readWeight } from './quantities.ts';
import { type Reading, read, unreadable } from './reading.ts';
import { leaf } from './shapes.ts';
import { readTemplate, VARIABLE_PATTERN } from './templates.ts';

const DURATION_JSON = { type: ['string', 'integer'], pattern: DURATION_PATTERN, maximum: 0 } as const;
const TEXTUAL = ['string', 'number', 'boolean'] as const;

export const duration = leaf(A_DURATION, DURATION_JSON, readDuration);

export const positiveDuration = leaf(`${A_DURATION}, above 0`, DURATION_JSON, (value) => {
  const reading = readDuration(value);
  return reading.ok && reading.value === 0 ? unreadable() : reading;
});

/** nginx and Tomcat count these in seconds; a fraction would be another value there than here. */
export const wholeSeconds = leaf('a duration of whole seconds, such as 10s', DURATION_JSON, (value) => {
  const reading = readDuration(value);
  return reading.ok ? inWholeSeconds(reading.value) : reading;
});

/** An idle time is judged with a second of slack, so that of a timeout of a second nothing would be left. */
const LEAST_IDLE = 5_000_000;
const IDLE_HINT = 'An idle time is judged with a second of slack: under a shorter timeout live sessions would count as expired.';

export const idleTime = leaf('a duration of 5s or more, such as 30m', DURATION_JSON, (value) => longEnough(readDuration(value)));

export const idleSeconds = leaf('a duration of whole seconds, 5s or more, such as 30m', DURATION_JSON, (value) => {
  const reading = longEnough(readDuration(value));
  return reading.ok ? inWholeSeconds(reading.value) : reading;
});

function longEnough(reading: Reading<Micros>): Reading<Micros> {
  return reading.ok && reading.value < LEAST_IDLE ? unreadable(IDLE_HINT) : reading;
}

function inWholeSeconds(value: Micros): Reading<Micros> {
  return value % 1_000_000 === 0 ? read(value) : unreadable('nginx and Tomcat count it in whole seconds.');
}

export const range = leaf(A_RANGE, { type: ['string', 'integer'] }, readRange);
export const rate = leaf(A_RATE, { type: ['string', 'number'], minimum: 0 }, readRate);
export const weight = leaf(A_WEIGHT, { type: ['number', 'string'], exclusiveMinimum: 0 }, readWeight);
export const size = leaf(A_SIZE, { type: ['string', 'integer'] }, readSize);
export const yesNo = leaf('true or false', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? read(value) : unreadable(yesNoHint(value)),
);

/** Users or a rate: `20`, `20/s`. */
export interface Level {
  readonly amount: number;
  /** It was written as a rate. */
  readonly perSecond: boolean;
}

export const level = leaf('a number of users such as 20, or a rate such as 20/s', { type: ['number', 'string'], minimum: 0 }, readLevel);

export const step = leaf('a number of users such as 5, or a rate such as 5/s', { type: ['number', 'string'] }, (value): Reading<Level> => {
  const negative = typeof value === 'number' ? value < 0 : typeof value === 'string' && value.startsWith('-');
  if (!negative) return readLevel(value);
  const size = readLevel(typeof value === 'number' ? -value : String(value).slice(1));
  return size.ok ? read({ ...size.value, amount: -size.value.amount }) : size;
});

/** A whole number from `least` to `most`. */
export function count(least: number, most: number, unit = '') {
  const upTo = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
  const expected = `a whole number${unit === '' ? '' : ` of ${unit}`}${upTo}`;
  return leaf(expected, { type: 'integer', minimum: least, maximum: most }, (value) => {
    if (typeof value === 'string' && /^\d+$/.test(value)) return unreadable('Leave out the quotes.');
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? read(value) : unreadable();
  });
}

/** A text that is not empty. A number or a yes/no is not taken for one: `007` would have become `7`. */
export const text = leaf('a text', { type: 'string', minLength: 1 }, readText);

/** A text, or a number or yes/no as its text. */
export const scalar = leaf('a text or a number', { type: TEXTUAL }, (value) =>
  TEXTUAL.some((type) => type === typeof value) ? read(String(value)) : unreadable(),
);

/** A name that may stand in a threshold's braces, in a file name and in a table. */
export const label = leaf('a name without { } , : or line breaks', { type: 'string', pattern: '^[^{},:\\n]+$' }, (value) => {
  const reading = readText(value);
  if (reading.ok && (/[{},:\r\n]/.test(reading.value) || reading.value.trim() !== reading.value)) {
    return unreadable('The name is used in thresholds, as in latency.felt{phase:steady}.');
  }
  return reading;
});

export const variableName = leaf('a variable name: letters, digits, _, - and dots', { type: 'string' }, (value) =>
  typeof value === 'string' && VARIABLE_PATTERN.test(value) ? read(value) : unreadable(),
);

export const headerName = leaf('the name of a header', { type: 'string', pattern: TOKEN.source }, readHeaderName);

export const cookieName = leaf('the name of a cookie', { type: 'string', pattern: TOKEN.source }, readHeaderName);

export const template = leaf('a text, with {{ variables }} where you like', { type: TEXTUAL }, (value): Reading<Template> => {
  const known = TEXTUAL.some((type) => type === typeof value);
  return known ? readTemplate(String(value)) : unreadable();
});

export const regex = leaf('a regular expression', { type: 'string', format: 'regex' }, (value) => {
  const reading = readText(value);
  if (!reading.ok) return reading;
  try {
    new RegExp(reading.value);
    return reading;
  } catch (error) {
    return unreadable(error instanceof Error ? `${error.message}.` : '');
  }
});

export const httpUrl = leaf('an http or https URL', { type: 'string', format: 'uri' }, readHttpUrl);

/** An absolute http or https URL, as it was written. */
export function readHttpUrl(value: unknown): Reading<string> {
  if (typeof value !== 'string') return unreadable();
  const hint = /^[\w.-]+(:\d+)?(\/\S*)?$/.test(value)
    ? `Write https://${value} or http://${value}.`
    : 'Write it as https://host[:port][/path].';
  if (!/^https?:\/\/[^/\s]/i.test(value) || !URL.canParse(value) || /\s/.test(value)) return unreadable(hint);
  return new URL(value).hash === '' ? read(value) : unreadable('Leave out what follows the #: a server never sees it.');
}

function readLevel(value: unknown): Reading<Level> {
  const reading = readRate(value);
  return reading.ok ? read({ amount: reading.value, perSecond: typeof value === 'string' }) : reading;
}

function readText(value: unknown): Reading<string> {
  if (typeof value === 'number' || typeof value === 'boolean') return unreadable('For a text, put it in quotes.');
  return typeof value === 'string' && value !== '' ? read(value) : unreadable();
}

function yesNoHint(value: unknown): string {
  if (typeof value !== 'string') return '';
  if (/^(yes|on|y)$/i.test(value)) return 'Write true.';
  return /^(no|off|n)$/i.test(value) ? 'Write false.' : '';
}
