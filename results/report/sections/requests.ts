// Requests by outcome and phase.

import type { Measure } from '../../../model/measure.ts';
import type { Report } from '../../../model/report.ts';
import { right, type Section, unseen } from '../document.ts';
import { anyObserved, shortName, valueText } from '../measure-text.ts';
import { inOrder, pivot, type RowName, sightText } from './pivot.ts';
import { measuredNote, phaseText } from './words.ts';

/** The whole first, the warm-up last: it is no part of the whole. */
export function requestsSection(report: Report, measures: readonly Measure[]): Section | null {
  if (measures.length === 0) return null;
  if (!anyObserved(measures)) return unseen('Requests');
  const known = [...report.setup.phases].sort((a, b) => Number(a.warmup) - Number(b.warmup)).map(({ name }) => name);
  const phases = known.filter((name) => measures.some(({ labels }) => labels['phase'] === name));
  const seen = measures.map(({ labels }) => labels['phase'] ?? '');
  const columns = [...new Set(['', ...phases, ...seen])].map((value) => ({ ...right(phaseText(report, value)), value }));
  const column = ({ labels }: Measure): string => labels['phase'] ?? '';
  const table = pivot(inOrder(measures), { head: '', columns, column, row: rowName, cell: valueText });
  return { title: 'Requests', aside: sightText(measures), blocks: [table, ...measuredNote(report)] };
}

function rowName({ name, labels }: Measure): RowName {
  const { phase, ...rest } = labels;
  const words = Object.values(rest);
  const key = `${name} ${JSON.stringify(rest)}`;
  if (words.length > 0) return { key, text: words.join(', '), level: 1 };
  return { key, text: name === 'throughput.ok' ? 'ok per second' : shortName(name), level: 0 };
}
