// What the workload asked for, and what came.

import { CATALOGUE } from '../../../model/catalogue.ts';
import type { Report, ThresholdResult } from '../../../model/report.ts';
import { left, plain, quiet, type Row, right, type Section } from '../document.ts';
import { NOT_OBSERVABLE } from '../measure-text.ts';
import { quantity } from '../quantities.ts';

export function thresholdsSection({ thresholds }: Report): Section | null {
  if (thresholds.length === 0) return null;
  const columns = [left('threshold'), left('verdict'), right('measured'), left('')];
  return { title: 'Thresholds', aside: tally(thresholds), blocks: [{ kind: 'table', columns, rows: thresholds.map(row) }] };
}

/** What was not measured has its reason, or the word for having none: not both. */
function row({ threshold, verdict, value, reason }: ThresholdResult): Row {
  const unreasoned = reason === '' || reason === NOT_OBSERVABLE;
  const measured = value === null ? quiet(unreasoned ? NOT_OBSERVABLE : '') : plain(quantity(value, CATALOGUE[threshold.measure].unit));
  const because = value === null && unreasoned ? '' : reason;
  return { level: 0, cells: [plain(threshold.text), { text: verdict, tone: verdict }, measured, quiet(because)] };
}

function tally(thresholds: readonly ThresholdResult[]): string {
  const number = (verdict: string): string => `${thresholds.filter((result) => result.verdict === verdict).length} ${verdict}`;
  return ['pass', 'fail', 'unknown']
    .map(number)
    .filter((text) => !text.startsWith('0 '))
    .join(', ');
}
