// Making measures, so that each says the same thing in the same way.

import { CATALOGUE, type MeasureName } from '../model/catalogue.ts';
import type { Bound, Measure, Sight } from '../model/measure.ts';

export type Labels = Readonly<Record<string, string>>;

/** A plain number. Null is not observable. */
export function number(name: MeasureName, labels: Labels, value: number | null, sight: Sight = 'L0', bound: Bound = 'exact'): Measure {
  return {
    name,
    labels,
    value,
    unit: CATALOGUE[name].unit,
    n: null,
    interval: null,
    sight,
    bound: value === null ? 'not observable' : bound,
  };
}

/** `hits` of `n`, with its interval. Without observations it is not observable. */
export function fraction(
  name: MeasureName,
  labels: Labels,
  hits: number,
  n: number,
  interval: readonly [number, number] | null,
  sight: Sight,
): Measure {
  return { ...number(name, labels, n === 0 ? null : hits / n, sight), n, interval };
}

/** A value that rests on `n` observations. */
export function sampled(name: MeasureName, labels: Labels, value: number | null, n: number, sight: Sight = 'L0'): Measure {
  return { ...number(name, labels, value, sight), n };
}

/** The measure of that name with exactly those labels, or null. */
export function findMeasure(measures: readonly Measure[], name: MeasureName, labels: Labels): Measure | null {
  const keys = Object.keys(labels);
  const same = (one: Measure): boolean =>
    Object.keys(one.labels).length === keys.length && keys.every((key) => one.labels[key] === labels[key]);
  return measures.find((one) => one.name === name && same(one)) ?? null;
}

/** Seconds with three decimals, as evidence tells times: `12.904 s`. */
export function atSecond(micros: number): string {
  return `${(micros / 1_000_000).toFixed(3)} s`;
}
