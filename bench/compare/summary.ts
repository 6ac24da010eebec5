// From single measurements to what is said of a client: medians, and ratios to the yardstick of the same rounds. Pure.

import { median, pairedRatios, type Spread, spread } from '../rig/figures.ts';
import type { BenchDocument, RowResult, Run, SectionResult } from './document.ts';
import type { RowKey } from './rows.ts';
import type { SectionKey } from './sections.ts';

export interface RowSummary {
  readonly key: RowKey;
  readonly name: string;
  /** Client CPU time in microseconds per request or connection; null when no round could be measured. */
  readonly cost: Spread | null;
  /** Cost divided by the yardstick's, round by round. */
  readonly ratio: Spread | null;
  /** Requests or connections per second. */
  readonly rate: number | null;
  /** CPU time of the target for each, in microseconds, and cores busy. */
  readonly targetCost: number | null;
  readonly clientBusy: number | null;
  readonly targetBusy: number | null;
  /** Most work of others in a window, in cores. */
  readonly othersBusy: number | null;
  readonly connections: number | null;
}

/** One summary for each row, in the section's order. The first row is the yardstick. */
export function summarise({ rows }: SectionResult): readonly RowSummary[] {
  const yardstick = rows[0];
  return rows.map((row) => summaryOf(row, yardstick ?? row));
}

function summaryOf({ key, name, runs }: RowResult, yardstick: RowResult): RowSummary {
  const typical = (value: (run: Run) => number): number | null => (runs.length === 0 ? null : median(runs.map(value)));
  return {
    key,
    name,
    cost: spread(runs.map(({ cost }) => cost)),
    ratio: spread(pairedRatios(costs(runs), costs(yardstick.runs))),
    rate: typical(({ count, seconds }) => count / seconds),
    targetCost: typical(({ targetCost }) => targetCost),
    clientBusy: typical(({ clientBusy }) => clientBusy),
    targetBusy: typical(({ targetBusy }) => targetBusy),
    othersBusy: runs.length === 0 ? null : Math.max(...runs.map(({ othersBusy }) => othersBusy)),
    connections: typical(({ connections }) => connections),
  };
}

function costs(runs: readonly Run[]) {
  return runs.map(({ round, cost }) => ({ round, value: cost }));
}

/** Cost of a row divided by another's of the same section, as median of the rounds that both were measured in; null when there is none. */
export function ratioBetween(document: BenchDocument, section: SectionKey, row: RowKey, to: RowKey): number | null {
  const ratios = pairedRatios(costs(runsOf(document, section, row)), costs(runsOf(document, section, to)));
  return ratios.length === 0 ? null : median(ratios);
}

/** Median cost of a row in microseconds; null when it was not measured. */
export function costOf(document: BenchDocument, section: SectionKey, row: RowKey): number | null {
  const runs = runsOf(document, section, row);
  return runs.length === 0 ? null : median(runs.map(({ cost }) => cost));
}

function runsOf({ sections }: BenchDocument, section: SectionKey, row: RowKey): readonly Run[] {
  return sections.find(({ key }) => key === section)?.rows.find(({ key }) => key === row)?.runs ?? [];
}
