// Names of labels and their values, for people.

import type { Measure } from '../../../model/measure.ts';
import type { Report } from '../../../model/report.ts';
import { isWarmup } from '../../../model/setup.ts';
import type { Block } from '../document.ts';

const WORDS: Readonly<Record<string, string>> = {
  'key:same': 'address key unchanged',
  'key:changed': 'address key changed',
  'window:before': 'before the faults',
  'window:during': 'during a fault',
  'window:after': 'after the faults',
  'group:hurt': 'users of the hurt backend',
  'group:control': 'other users',
};

/** Labels as words: `address key changed`; a label nobody gave words to is written out, `region north`. */
export function labelWords(report: Report, labels: Measure['labels']): string {
  return Object.entries(labels)
    .map(([label, value]) => labelWord(report, label, value))
    .join(', ');
}

/** Labels whose value needs no name before it. */
const PLAIN_LABELS = new Set(['phase', 'backend', 'cause', 'reason', 'by', 'stat', 'kind', 'guarantee']);

function labelWord(report: Report, label: string, value: string): string {
  const known = WORDS[`${label}:${value}`];
  if (known !== undefined) return known;
  if (label === 'fault') return faultText(report, value);
  if (label === 'phase') return phaseText(report, value);
  return PLAIN_LABELS.has(label) ? value.replaceAll('_', ' ') : `${label} ${value}`;
}

/** What is told of the whole run but its warm-up. */
export const MEASURED = 'measured';

/** `measured` for none; a warm-up says that it is one, and a phase that has the name of the whole says that it is a phase. */
export function phaseText(report: Report, phase: string): string {
  if (phase === '') return MEASURED;
  if (isWarmup(report.setup, phase)) return phase === 'warm-up' ? phase : `${phase} (warm-up)`;
  return phase === MEASURED ? `phase ${phase}` : phase;
}

/** What the word means, where there is a warm-up. */
export function measuredNote({ setup }: Report): readonly Block[] {
  return setup.phases.some(({ warmup }) => warmup) ? [{ kind: 'note', text: `${MEASURED}: without warm-up` }] : [];
}

/** `kill tomcat01`, with its number when another fault is the same. */
export function faultText(report: Report, fault: string): string {
  const known = report.faults.find((summary) => String(summary.fault) === fault);
  if (known === undefined) return `fault ${fault}`;
  const text = `${known.action} ${known.target}`.trim();
  const twins = report.faults.filter(({ action, target }) => action === known.action && target === known.target);
  return twins.length > 1 ? `${text} (${twins.indexOf(known) + 1} of ${twins.length})` : text;
}
