// The block `thresholds`: conditions on measures, `latency.felt{phase:steady}: p(99)<400ms`.

import { CATALOGUE, type CatalogueEntry, type MeasureName, type Unit } from '../../model/catalogue.ts';
import type { Aggregate, Comparison, Threshold } from '../../model/threshold.ts';
import { didYouMean } from '../problems/nearest.ts';
import { readDuration } from '../values/duration.ts';
import { readRate } from '../values/quantities.ts';
import { type Reading, read, unreadable } from '../values/reading.ts';

/** A part of the text that is wrong, and how. */
export interface Flaw {
  /** The part, as written. */
  readonly within: string;
  readonly expected: string;
  readonly hint: string;
}

export interface Selector {
  readonly measure: MeasureName;
  readonly labels: Readonly<Record<string, string>>;
}

const MEASURES = Object.keys(CATALOGUE) as MeasureName[];

/** Labels that the aggregate of a distribution stands for. */
const AGGREGATE_LABELS: readonly string[] = ['quantile', 'stat'];

/** Reads the key of a threshold: `session.lost{cause:spurious}`. All its flaws at once. */
export function readSelector(text: string): Selector | readonly Flaw[] {
  const match = /^\s*([^{}\s]+)\s*(?:\{([^{}]*)\})?\s*$/.exec(text);
  const name = match?.[1] ?? '';
  if (match === null)
    return [{ within: '', expected: 'a measure, with labels in braces where needed', hint: 'As in session.lost{cause:spurious}.' }];
  const measure = MEASURES.find((known) => known === name);
  if (measure === undefined) {
    const near = didYouMean(name, MEASURES);
    return [{ within: name, expected: 'the name of a measure', hint: near === '' ? `There are ${MEASURES.join(', ')}.` : near }];
  }
  const labels: Record<string, string> = {};
  const flaws: Flaw[] = [];
  const inside = match[2]?.trim() ?? '';
  for (const pair of inside === '' ? [] : inside.split(',')) {
    const [label = '', value = '', ...rest] = pair.split(':').map((part) => part.trim());
    const flaw = checkLabel(measure, label, value, rest, pair.trim());
    if (flaw !== null) flaws.push(flaw);
    labels[label] = value;
  }
  return flaws.length > 0 ? flaws : { measure, labels };
}

function checkLabel(measure: MeasureName, label: string, value: string, rest: readonly string[], pair: string): Flaw | null {
  const known: readonly string[] = CATALOGUE[measure].labels.filter((name) => !AGGREGATE_LABELS.includes(name));
  if (AGGREGATE_LABELS.includes(label)) {
    return { within: label, expected: 'quantiles and statistics in the condition', hint: "Write ['p(99)<400ms'] or ['max<1s']." };
  }
  if (known.length === 0) return { within: pair, expected: `no label: ${measure} has none`, hint: '' };
  if (value === '' || rest.length > 0) return { within: pair, expected: 'labels as name:value', hint: `As in {${known[0]}:…}.` };
  if (known.includes(label)) return null;
  return { within: label, expected: `one of the labels of ${measure}: ${known.join(', ')}`, hint: didYouMean(label, known) };
}

const AGGREGATES: readonly string[] = ['value', 'count', 'rate', 'min', 'mean', 'max', 'p(99)'];

/** Reads a condition on the measure: `p(99)<400ms`, `count==0`. */
export function readCondition(selector: Selector, key: string, text: string): Threshold | Flaw {
  const match = /^\s*([A-Za-z]\w*(?:\([^)]*\))?)\s*(===|<=|>=|==|!=|<|>|=)\s*(\S.*?)\s*$/.exec(text);
  const entry: CatalogueEntry = CATALOGUE[selector.measure];
  if (match === null) return { within: '', expected: `a condition such as ${exampleOf(entry)}`, hint: 'Aggregate, comparison, limit.' };
  const [, word = '', sign = '', limitText = ''] = match;
  if (sign === '=' || sign === '===') return { within: sign, expected: 'one of <, <=, >, >=, ==, !=', hint: 'Write ==.' };
  const aggregate = readAggregate(word);
  if (!aggregate.ok) return { within: word, expected: `one of ${AGGREGATES.join(', ')}`, hint: aggregate.hint };
  const misfit = checkAggregate(selector.measure, aggregate.value);
  if (misfit !== null) return { within: word, ...misfit };
  const limit = readLimit(entry.unit, limitText);
  if (!limit.ok) return { within: limitText, expected: limitOf(entry.unit), hint: limit.hint };
  const { measure, labels } = selector;
  return { measure, labels, aggregate: aggregate.value, comparison: sign as Comparison, limit: limit.value, text: `${key}: ${text}` };
}

function readAggregate(word: string): Reading<Aggregate> {
  for (const kind of ['value', 'count', 'rate', 'min', 'mean', 'max'] as const) if (word === kind) return read({ kind });
  const percentile = /^p\(\s*(\d+(?:\.\d+)?)\s*\)$/.exec(word)?.[1];
  if (percentile !== undefined) {
    // Rounded because 99.9 / 100 is not 0.999 in binary.
    const quantile = Number((Number(percentile) / 100).toFixed(9));
    return quantile > 0 && quantile <= 1 ? read({ kind: 'p', quantile }) : unreadable('A percentile lies above 0 and goes to 100.');
  }
  const bare = /^p_?(\d+(?:\.\d+)?)$/.exec(word)?.[1];
  if (bare !== undefined) return unreadable(`Write p(${bare}).`);
  if (word === 'med' || word === 'median') return unreadable('Write p(50).');
  return unreadable(word === 'avg' || word === 'average' ? 'Write mean.' : didYouMean(word, AGGREGATES));
}

const COUNTS: readonly Unit[] = ['requests', 'sessions', 'users', 'events', 'backends', 'bytes'];
const SHARES: readonly Unit[] = ['fraction', 'ratio', 'requests/s'];

function checkAggregate(measure: MeasureName, { kind }: Aggregate): { readonly expected: string; readonly hint: string } | null {
  const { unit, labels }: CatalogueEntry = CATALOGUE[measure];
  const allowed = ['value', 'count', 'rate'].filter((word) => {
    if (labels.some((label) => AGGREGATE_LABELS.includes(label))) return false;
    return word === 'value' || (word === 'count' ? COUNTS : SHARES).includes(unit);
  });
  if (labels.includes('quantile')) allowed.push('p(…)');
  if (labels.includes('stat')) allowed.push('min', 'mean', 'max');
  if (allowed.includes(kind === 'p' ? 'p(…)' : kind)) return null;
  return { expected: `one of ${allowed.join(', ')} for ${measure}`, hint: nature(labels, unit) };
}

function nature(labels: readonly string[], unit: Unit): string {
  if (labels.includes('quantile')) return 'It is a distribution.';
  if (labels.includes('stat')) return 'It is a series over time.';
  return COUNTS.includes(unit) ? `It counts ${unit}.` : `It is one number, a ${unit === 'requests/s' ? 'rate' : unit}.`;
}

function readLimit(unit: Unit, text: string): Reading<number> {
  if (unit === 'us') return readDuration(text);
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (unit === 'fraction') return readFraction(percent === undefined ? Number(text) : Number((Number(percent) / 100).toFixed(12)), text);
  if (unit === 'requests/s' && text.includes('/')) return readRate(text);
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)
    ? read(Number(text))
    : unreadable(percent === undefined ? '' : `It is no share but counts ${unit}.`);
}

function readFraction(value: number, text: string): Reading<number> {
  if (value >= 0 && value <= 1) return read(value);
  const isBarePercentage = value > 1 && value <= 100 && !text.endsWith('%');
  return unreadable(isBarePercentage ? `Write ${Number((value / 100).toFixed(9))} or ${text}%.` : '');
}

function limitOf(unit: Unit): string {
  if (unit === 'us') return 'a duration such as 400ms';
  if (unit === 'fraction') return 'a fraction from 0 to 1, or a percentage';
  return unit === 'requests/s' ? 'a rate such as 100/s' : 'a number';
}

function exampleOf({ unit, labels }: CatalogueEntry): string {
  if (labels.includes('quantile')) return 'p(99)<400ms';
  if (labels.includes('stat')) return 'max<0.8';
  if (unit === 'fraction') return 'value>=0.999';
  return COUNTS.includes(unit) ? 'count==0' : 'value<2';
}
