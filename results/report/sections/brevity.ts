// Leaves out what a table would say twice.

import type { Measure } from '../../../model/measure.ts';
import { isCount } from '../measure-text.ts';

/**
 * Counts by label that are told already: parts of a whole that is 0, and the number of tries that a share with the same labels shows beside
 * it. Whatever is not exactly 0, or not observable, stays.
 */
export function withoutRepeats(measures: readonly Measure[]): readonly Measure[] {
  return measures.filter((measure) => {
    if (!isCount(measure.unit) || Object.keys(measure.labels).length === 0) return true;
    return !(partOfNothing(measure, measures) || besideShare(measure, measures));
  });
}

function partOfNothing({ name, value }: Measure, measures: readonly Measure[]): boolean {
  const whole = measures.find((other) => other.name === name && Object.keys(other.labels).length === 0);
  return value === 0 && whole?.value === 0 && whole.bound === 'exact';
}

function besideShare({ value, labels }: Measure, measures: readonly Measure[]): boolean {
  const same = JSON.stringify(labels);
  return (
    value !== null && measures.some(({ unit, n, labels: others }) => unit === 'fraction' && n === value && JSON.stringify(others) === same)
  );
}

export interface Distributions {
  readonly measures: readonly Measure[];
  /** Parts that are the whole, by name of the measure: the only phase that is not a warm-up. */
  readonly wholes: ReadonlyMap<string, readonly Measure['labels'][]>;
}

/** Leaves out distributions that are, number for number, another one of the same measure with fewer labels. */
export function withoutTwins(measures: readonly Measure[]): Distributions {
  const wholes = new Map<string, Measure['labels'][]>();
  const seen = new Map<string, boolean>();
  const kept: Measure[] = [];
  for (const { name, labels, members } of distributionsOf(measures)) {
    const numbers = JSON.stringify([name, members.map(({ labels: { quantile, stat }, value, n }) => [quantile, stat, value, n])]);
    const twinOfWhole = seen.get(numbers);
    const isWhole = Object.keys(labels).length === 0;
    if (twinOfWhole === undefined) {
      seen.set(numbers, isWhole);
      kept.push(...members);
    } else if (twinOfWhole && members.some(({ value }) => value !== null)) {
      wholes.set(name, [...(wholes.get(name) ?? []), labels]);
    }
  }
  return { measures: kept, wholes };
}

interface Distribution {
  readonly name: string;
  /** Without quantile and stat. */
  readonly labels: Measure['labels'];
  readonly members: Measure[];
}

/** In order of appearance, those with fewer labels first. */
function distributionsOf(measures: readonly Measure[]): readonly Distribution[] {
  const all = new Map<string, Distribution>();
  for (const measure of measures) {
    const { quantile, stat, ...labels } = measure.labels;
    const key = `${measure.name} ${JSON.stringify(labels)}`;
    const distribution = all.get(key) ?? { name: measure.name, labels, members: [] };
    distribution.members.push(measure);
    all.set(key, distribution);
  }
  return [...all.values()];
}
