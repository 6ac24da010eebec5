// What the project promises of its own cost, and whether a comparison bears it out. Pure.

import type { BenchDocument } from './document.ts';
import type { RowKey } from './rows.ts';
import type { SectionKey } from './sections.ts';
import { costOf, ratioBetween } from './summary.ts';

interface Target {
  readonly what: string;
  /** At most this, in the unit. */
  readonly limit: number;
  /** Behind the number: `x wrk`, ` µs`. */
  readonly unit: string;
  /** Null when the comparison did not measure it. */
  readonly measure: (document: BenchDocument) => number | null;
}

export interface TargetResult {
  readonly what: string;
  readonly limit: number;
  readonly unit: string;
  readonly value: number | null;
  /** Null when not measured. */
  readonly met: boolean | null;
}

const NAMES: Partial<Record<RowKey, string>> = {
  'wrk-written': 'wrk + Lua',
  'autocannon-users': 'autocannon with hooks',
};

const TARGETS: readonly Target[] = [
  ratio('record off, 64 connections', 1.3, 'keep-alive-64', 'stickybench', 'wrk'),
  ratio('everything on, 64 connections', 1.5, 'keep-alive-64', 'stickybench-recorded', 'wrk'),
  ratio('record off, 64 connections', 1, 'keep-alive-64', 'stickybench', 'wrk-written'),
  ratio('everything on, 64 connections', 0.87, 'keep-alive-64', 'stickybench-recorded', 'autocannon'),
  ratio('everything on, 64 connections', 0.47, 'keep-alive-64', 'stickybench-recorded', 'autocannon-users'),
  ratio('everything on, 1,000 connections', 1.8, 'keep-alive-1000', 'stickybench-recorded', 'wrk'),
  {
    what: 'login storm, everything on',
    limit: 25,
    unit: ' µs',
    measure: (document) => costOf(document, 'login-storm', 'stickybench-recorded'),
  },
  { what: '1,000,000 idle users with a cookie each', limit: 1.5, unit: ' GB', measure: memoryOfAMillion },
];

function ratio(what: string, limit: number, section: SectionKey, row: RowKey, to: RowKey): Target {
  return { what, limit, unit: `x ${NAMES[to] ?? to}`, measure: (document) => ratioBetween(document, section, row, to) };
}

function memoryOfAMillion({ memory }: BenchDocument): number | null {
  const found = memory.find(({ tool, users }) => tool === 'stickybench' && users === 1_000_000);
  return found === undefined ? null : found.peak / 1e9;
}

/** Every target, measured or not. */
export function judge(document: BenchDocument): readonly TargetResult[] {
  return TARGETS.map(({ what, limit, unit, measure }) => {
    const value = measure(document);
    return { what, limit, unit, value, met: value === null ? null : value <= limit };
  });
}

/** `everything on, 64 connections: target <= 1.50x wrk: 1.43x wrk (met)`. */
export function targetLine({ what, limit, unit, value, met }: TargetResult): string {
  const measured = value === null || met === null ? 'not measured' : `${value.toFixed(2)}${unit} (${met ? 'met' : 'missed'})`;
  return `${what}: target <= ${limit.toFixed(2)}${unit}: ${measured}`;
}
