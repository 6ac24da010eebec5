// A report as JSON, the same bytes for the same report.

import type { Report } from '../../model/report.ts';

/** Two-space indent, keys in a fixed order whatever order the report was built in, a line end after the last brace. */
export function reportJson(report: Report): string {
  return `${JSON.stringify(ordered(report), null, 2)}\n`;
}

/** The order of the types in `model/`, so that what belongs together stays together; keys not listed follow by alphabet. */
const KEYS = [
  ['version', 'threshold', 'verdict', 'answer', 'run', 'setup', 'thresholds', 'measures', 'faults', 'evidence', 'doubts'],
  ['code', 'blocking', 'name', 'measure', 'labels', 'value', 'unit', 'n', 'interval', 'sight', 'bound', 'reason'],
  ['aggregate', 'comparison', 'limit', 'fault', 'action', 'description', 'seed', 'users', 'lab', 'labReason', 'target'],
  ['versions', 'startedAt', 'workers', 'count', 'as', 'duration', 'began', 'ending', 'ended', 'detail', 'user', 'at', 'text', 'ceiling'],
].flat();

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  // Own keys defined one by one, so that a label called __proto__ stays a label.
  const result: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of entries) result[key] = ordered(inner);
  return result;
}

function rank(key: string): number {
  const place = KEYS.indexOf(key);
  return place < 0 ? KEYS.length : place;
}
