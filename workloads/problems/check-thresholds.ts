// What is wrong with the thresholds: in their text, and against the rest of the file.

import type { Threshold } from '../../model/threshold.ts';
import { readCondition, readSelector, type Selector } from '../blocks/thresholds.ts';
import { isMapping } from '../values/shapes.ts';
import { type KnownNames, labelValues } from './label-values.ts';
import { didYouMean } from './nearest.ts';
import { type Finding, finding, findingWithin } from './problem.ts';

export interface ReadThresholds {
  readonly thresholds: readonly Threshold[];
  readonly findings: readonly Finding[];
}

/** Reads `thresholds` as written: what can be read, and everything that is wrong. */
export function readThresholds(raw: unknown, names: KnownNames): ReadThresholds {
  const thresholds: Threshold[] = [];
  const findings: Finding[] = [];
  for (const [key, conditions] of Object.entries(isMapping(raw) ? raw : {})) {
    const selector = readSelector(key);
    if (!('measure' in selector)) {
      findings.push(...selector.map((flaw) => findingWithin(['thresholds', key], 'key', flaw.within, flaw.expected, flaw.hint)));
      continue;
    }
    findings.push(...checkValues(selector, key, names), ...checkMissing(selector, key));
    const many = Array.isArray(conditions);
    const texts: readonly unknown[] = many ? conditions : [conditions];
    if (many && texts.length === 0) findings.push(finding(['thresholds', key], "a condition, such as ['count==0']"));
    texts.forEach((text, index) => {
      const path = many ? ['thresholds', key, index] : ['thresholds', key];
      const outcome = readOne(selector, key, text, path);
      if ('path' in outcome) findings.push(outcome);
      else thresholds.push(outcome);
    });
  }
  return { thresholds, findings };
}

function readOne(selector: Selector, key: string, text: unknown, path: readonly PropertyKey[]): Threshold | Finding {
  if (typeof text !== 'string') {
    return finding(path, "a condition such as 'count==0', or a list of them", isMapping(text) ? 'Conditions are plain texts.' : '');
  }
  const outcome = readCondition(selector, key, text);
  return 'within' in outcome ? findingWithin(path, 'value', outcome.within, outcome.expected, outcome.hint) : outcome;
}

/** Labels without which a measure does not exist, each with a value for the example. */
function neededLabels(measure: Selector['measure']): readonly (readonly [string, string])[] {
  if (measure === 'session.dormant') return [['fault', '0']];
  if (!measure.startsWith('balance.')) return [];
  const load: readonly (readonly [string, string])[] = measure === 'balance.load' ? [['backend', 'tomcat01']] : [];
  return [['by', 'requests'], ['window', 'whole'], ...load];
}

function checkMissing({ measure, labels }: Selector, key: string): Finding[] {
  const needed = neededLabels(measure);
  const missing = needed.filter(([label]) => !(label in labels));
  if (missing.length === 0) return [];
  const example = needed.map(([label, value]) => `${label}:${labels[label] ?? value}`).join(',');
  const expected = `${measure} with the labels ${needed.map(([label]) => label).join(' and ')}`;
  return [findingWithin(['thresholds', key], 'key', '', expected, `As in ${measure}{${example}}.`)];
}

function checkValues({ labels }: Selector, key: string, names: KnownNames): Finding[] {
  return Object.entries(labels).flatMap(([label, value]) => {
    const values = labelValues(label, names);
    if (values === null || values.includes(value)) return [];
    const known = [...new Set(values)];
    const expected = known.length === 0 ? `no label ${label}: the workload has none` : `one of the values of ${label}: ${known.join(', ')}`;
    const hint = label === 'fault' && known.length > 0 ? 'Faults are numbered from 0, in the order of the file.' : didYouMean(value, known);
    return [findingWithin(['thresholds', key], 'key', value, expected, hint)];
  });
}
