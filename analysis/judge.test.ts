import { describe, expect, it } from 'vitest';
import type { MeasureName } from '../model/catalogue.ts';
import type { Bound, Doubt, Measure } from '../model/measure.ts';
import type { Aggregate, Comparison, Threshold } from '../model/threshold.ts';
import { judgeRun, judgeThresholds, thresholdDoubts } from './judge.ts';
import { number, sampled } from './measures.ts';

const threshold = (
  measure: MeasureName,
  comparison: Comparison,
  limit: number,
  labels: Record<string, string> = {},
  aggregate: Aggregate = { kind: 'value' },
): Threshold => ({ measure, labels, aggregate, comparison, limit, text: `${measure} ${comparison} ${limit}` });

const verdicts = (thresholds: readonly Threshold[], measures: readonly Measure[]) =>
  judgeThresholds(thresholds, measures).map(({ verdict, value, reason }) => [verdict, value, reason]);

describe('a threshold', () => {
  it('holds or fails by each comparison', () => {
    const five = [number('session.lost', {}, 5)];
    const comparisons: [Comparison, string][] = [
      ['<', 'fail'],
      ['<=', 'pass'],
      ['>', 'fail'],
      ['>=', 'pass'],
      ['==', 'pass'],
      ['!=', 'fail'],
    ];
    for (const [comparison, verdict] of comparisons) {
      expect(verdicts([threshold('session.lost', comparison, 5)], five)).toEqual([[verdict, 5, '']]);
    }
  });

  it('is unknown when the measure is missing or was not observable', () => {
    expect(verdicts([threshold('session.lost', '==', 0)], [])).toEqual([['unknown', null, 'not measured in this run']]);
    expect(verdicts([threshold('session.lost', '==', 0)], [number('session.lost', {}, null)])).toEqual([
      ['unknown', null, 'not observable'],
    ]);
  });

  it('takes a reason that no request had for 0, where requests were seen', () => {
    const timeouts = threshold('requests.unknown', '==', 0, { reason: 'timeout' });
    const seen = [sampled('requests.unknown', {}, 4, 100), sampled('requests.unknown', { reason: 'reset' }, 4, 100)];
    expect(verdicts([timeouts], seen)).toEqual([['pass', 0, '']]);
    expect(verdicts([timeouts], [sampled('requests.unknown', {}, null, 0)])).toEqual([['unknown', null, 'not measured in this run']]);
  });

  it('reads the measure with exactly its labels', () => {
    const measures = [number('session.lost', {}, 9), number('session.lost', { cause: 'spurious' }, 0)];
    expect(verdicts([threshold('session.lost', '==', 0, { cause: 'spurious' })], measures)).toEqual([['pass', 0, '']]);
    expect(verdicts([threshold('session.lost', '==', 0)], measures)).toEqual([['fail', 9, '']]);
  });

  it('finds a quantile by number and a statistic by name', () => {
    const measures = [
      sampled('latency.felt', { quantile: '0.999' }, 400, 5000),
      sampled('latency.felt', { phase: 'steady', quantile: '0.999' }, 300, 5000),
      sampled('latency.felt', { stat: 'max' }, 900, 5000),
    ];
    const p = (labels: Record<string, string>) => threshold('latency.felt', '<', 350, labels, { kind: 'p', quantile: 99.9 / 100 });
    expect(verdicts([p({}), p({ phase: 'steady' })], measures)).toEqual([
      ['fail', 400, ''],
      ['pass', 300, ''],
    ]);
    expect(verdicts([threshold('latency.felt', '<', 1000, {}, { kind: 'max' })], measures)).toEqual([['pass', 900, '']]);
  });

  it('is unknown when a quantile was asked of too few samples', () => {
    const few = [sampled('latency.felt', { quantile: '0.99' }, 5, 99)];
    expect(verdicts([threshold('latency.felt', '<', 10, {}, { kind: 'p', quantile: 0.99 })], few)).toEqual([
      ['unknown', 5, '99 samples, at least 100 needed'],
    ]);
  });

  it('is settled by a bound only on the side that the bound proves', () => {
    const bounded = (bound: Bound) => [number('session.lost', {}, 3, 'L0', bound)];
    const verdict = (comparison: Comparison, limit: number, bound: Bound) =>
      verdicts([threshold('session.lost', comparison, limit)], bounded(bound))[0]?.[0];
    expect(verdict('==', 0, 'lower')).toBe('fail');
    expect(verdict('==', 3, 'lower')).toBe('unknown');
    expect(verdict('<=', 2, 'lower')).toBe('fail');
    expect(verdict('<=', 5, 'lower')).toBe('unknown');
    expect(verdict('>=', 2, 'lower')).toBe('pass');
    expect(verdict('<=', 5, 'upper')).toBe('pass');
    expect(verdict('<=', 2, 'upper')).toBe('unknown');
  });
});

describe('a run', () => {
  const results = (value: number | null) => judgeThresholds([threshold('session.lost', '==', 0)], [number('session.lost', {}, value)]);
  const doubt: Doubt = { code: 'late-sends', blocking: true, text: '' };

  it('passes when all thresholds hold, fails when one fails, is unknown when one is', () => {
    expect(judgeRun(results(0), [], [])).toBe('pass');
    expect(judgeRun([...results(0), ...results(1), ...results(null)], [], [])).toBe('fail');
    expect(judgeRun([...results(0), ...results(null)], [], [])).toBe('unknown');
  });

  it('is unknown for a blocking doubt that would have passed, and still fails where it failed', () => {
    expect(judgeRun(results(0), [], [doubt])).toBe('unknown');
    expect(judgeRun(results(0), [], [{ ...doubt, blocking: false }])).toBe('pass');
    expect(judgeRun(results(1), [], [doubt])).toBe('fail');
  });

  it('fails for a single leak, whatever the thresholds', () => {
    expect(judgeRun(results(0), [number('safety.leaks', {}, 1)], [])).toBe('fail');
    expect(judgeRun(results(0), [number('safety.leaks', {}, 0)], [])).toBe('pass');
  });

  it('is told that nothing was asked of it, and that a quantile rests on few samples', () => {
    expect(thresholdDoubts([], []).map(({ code }) => code)).toEqual(['no-thresholds']);
    const measures = [sampled('latency.felt', { quantile: '0.99' }, 5, 500)];
    const asked = judgeThresholds([threshold('latency.felt', '<', 10, {}, { kind: 'p', quantile: 0.99 })], measures);
    expect(thresholdDoubts(asked, measures).map(({ code, blocking }) => ({ code, blocking }))).toEqual([
      { code: 'few-samples', blocking: false },
    ]);
  });
});
