// From measures to verdicts.

import type { Bound, Doubt, Measure, Verdict } from '../model/measure.ts';
import type { ThresholdResult } from '../model/report.ts';
import type { Comparison, Threshold } from '../model/threshold.ts';

/** Whether each threshold holds. A number that is missing, not observable or bounded on the wrong side gives unknown. */
export function judgeThresholds(thresholds: readonly Threshold[], measures: readonly Measure[]): readonly ThresholdResult[] {
  return thresholds.map((threshold) => judgeOne(threshold, findMeasure(threshold, measures) ?? nothingOfTheKind(threshold, measures)));
}

/**
 * fail when a threshold fails or a user saw another's session, whatever the thresholds; unknown when a threshold is unknown or a doubt
 * blocks; else pass.
 */
export function judgeRun(results: readonly ThresholdResult[], measures: readonly Measure[], doubts: readonly Doubt[]): Verdict {
  const leaks = measures.find((measure) => measure.name === 'safety.leaks')?.value ?? 0;
  if (leaks > 0 || results.some((result) => result.verdict === 'fail')) return 'fail';
  return results.some((result) => result.verdict === 'unknown') || doubts.some((doubt) => doubt.blocking) ? 'unknown' : 'pass';
}

/** Doubts about the thresholds themselves: none was given, or a quantile rests on few samples. */
export function thresholdDoubts(results: readonly ThresholdResult[], measures: readonly Measure[]): readonly Doubt[] {
  if (results.length === 0) {
    const text = 'The workload has no thresholds: passing says only that the run took place.';
    return [{ code: 'no-thresholds', blocking: false, text }];
  }
  return results.flatMap(({ threshold, verdict }) => {
    const few = verdict === 'unknown' ? null : fewSamples(threshold, findMeasure(threshold, measures));
    return few === null ? [] : [few];
  });
}

function judgeOne(threshold: Threshold, measure: Measure | null): ThresholdResult {
  if (measure === null) return { threshold, verdict: 'unknown', value: null, reason: 'not measured in this run' };
  const { value } = measure;
  if (value === null) return { threshold, verdict: 'unknown', value, reason: 'not observable' };
  if (measure.n !== null && measure.n < needed(threshold)) {
    return { threshold, verdict: 'unknown', value, reason: `${measure.n} samples, at least ${needed(threshold)} needed` };
  }
  const holds = compare(value, threshold.comparison, threshold.limit);
  if (!settled(holds, threshold.comparison, measure.bound)) {
    return {
      threshold,
      verdict: 'unknown',
      value,
      reason: `only ${measure.bound === 'lower' ? 'a lower' : 'an upper'} bound was observable`,
    };
  }
  return { threshold, verdict: holds ? 'pass' : 'fail', value, reason: '' };
}

/** Whether a comparison of a bound settles the matter: a lower bound above a ceiling is too much for certain, one below it proves nothing. */
function settled(holds: boolean, comparison: Comparison, bound: Bound): boolean {
  if (bound === 'exact' || bound === 'not observable') return true;
  const ceiling = comparison === '<' || comparison === '<=';
  const floor = comparison === '>' || comparison === '>=';
  if (bound === 'lower') return (ceiling && !holds) || (floor && holds) || (comparison === '==' && !holds);
  return (ceiling && holds) || (floor && !holds);
}

function compare(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

/** The measure that a threshold reads: same name, exactly the threshold's labels and those that its aggregate stands for. */
function findMeasure(threshold: Threshold, measures: readonly Measure[]): Measure | null {
  return measures.find((measure) => measure.name === threshold.measure && sameLabels(measure, threshold)) ?? null;
}

/** A part of a count that nobody saw is 0 where the whole was seen: no request timed out, so none is listed as such. */
function nothingOfTheKind(threshold: Threshold, measures: readonly Measure[]): Measure | null {
  const { reason, ...labels } = threshold.labels;
  if (reason === undefined) return null;
  const whole = findMeasure({ ...threshold, labels }, measures);
  return whole === null || whole.value === null ? null : { ...whole, labels: threshold.labels, value: 0 };
}

function sameLabels(measure: Measure, { labels, aggregate }: Threshold): boolean {
  const { quantile, stat, ...rest } = measure.labels;
  if (aggregate.kind === 'p' ? Math.abs(Number(quantile) - aggregate.quantile) > 1e-9 : quantile !== undefined) return false;
  const wantsStat = measure.labels['stat'] !== undefined && labels['stat'] === undefined;
  if (wantsStat && stat !== aggregate.kind) return false;
  const { stat: askedStat, ...asked } = labels;
  if (askedStat !== undefined && askedStat !== stat) return false;
  const names = Object.keys(asked);
  return names.length === Object.keys(rest).length && names.every((name) => rest[name] === asked[name]);
}

/** Samples without which a quantile is not seen at all: 1 / (1 - q). */
function needed({ aggregate }: Threshold): number {
  return aggregate.kind === 'p' && aggregate.quantile < 1 ? Math.ceil(1 / (1 - aggregate.quantile) - 1e-9) : 1;
}

function fewSamples(threshold: Threshold, measure: Measure | null): Doubt | null {
  const wanted = 10 * needed(threshold);
  if (threshold.aggregate.kind !== 'p' || measure === null || measure.n === null || measure.n >= wanted) return null;
  const text = `\`${threshold.text}\` rests on ${measure.n} samples; for that quantile ${wanted} or more are wanted. Run longer, or with more users.`;
  return { code: 'few-samples', blocking: false, text };
}
