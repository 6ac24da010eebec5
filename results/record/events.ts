// The lines of events.ndjson: header, then marks with their place among the exchanges, then the footer.

import type { FaultEvent, PhaseMark, Pulse } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import type { RunFooter, RunHeader } from '../../model/record.ts';
import { ALONE } from '../../model/shard.ts';

export type Mark = FaultEvent | PhaseMark | Pulse;

/** A mark and the number of exchanges before it: where it stands when the record is read back. */
export interface PlacedMark {
  readonly row: number;
  readonly mark: Mark;
}

export interface Events {
  readonly header: RunHeader;
  readonly marks: readonly PlacedMark[];
  /** Null when the record was cut. */
  readonly footer: RunFooter | null;
}

export function headerLine(header: RunHeader): string {
  return `${JSON.stringify(header)}\n`;
}

export function markLine(mark: Mark, row: number): string {
  return `${JSON.stringify({ ...mark, row })}\n`;
}

export function footerLine(footer: RunFooter): string {
  return `${JSON.stringify(footer)}\n`;
}

/**
 * Reads the text of an events.ndjson. A last line without its line end was cut in writing and is left out.
 * @throws StickyError RECORD_UNREADABLE, naming file and line.
 */
export function parseEvents(text: string, path: string): Events {
  const lines = text.split('\n');
  lines.pop();
  const [first, ...rest] = lines.map((line, index) => parseLine(line, `${path}:${index + 1}`));
  if (first === undefined) throw new StickyError('RECORD_UNREADABLE', `${path} is empty.`);
  if (first.kind !== 'run') throw new StickyError('RECORD_UNREADABLE', `${path}:1: expected the header of a run, got ${kindText(first)}.`);
  const header = headerOf(first);
  const last = rest.at(-1);
  const footer = last?.kind === 'end' ? footerOf(last) : null;
  const body = footer === null ? rest : rest.slice(0, -1);
  return { header, marks: body.map((line, index) => placed(line, `${path}:${index + 2}`)), footer };
}

/** Records from before there were workers do not say that there were none. */
function headerOf(line: Line): RunHeader {
  const { identity, ...rest } = line as unknown as RunHeader;
  return { ...rest, identity: { ...{ workers: ALONE }, ...identity } };
}

/** Nor that none was lost. */
function footerOf(line: Line): RunFooter {
  return { missing: [], ...line } as unknown as RunFooter;
}

type Line = Readonly<Record<string, unknown>> & { readonly kind: unknown };

function parseLine(line: string, where: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new StickyError('RECORD_UNREADABLE', `${where}: not JSON.`);
  }
  if (typeof value !== 'object' || value === null || !('kind' in value))
    throw new StickyError('RECORD_UNREADABLE', `${where}: expected an object with a kind.`);
  return value as Line;
}

function placed(line: Line, where: string): PlacedMark {
  const { row, ...mark } = line;
  const known = mark.kind === 'fault' || mark.kind === 'phase' || mark.kind === 'pulse';
  if (!known || typeof row !== 'number')
    throw new StickyError('RECORD_UNREADABLE', `${where}: expected a fault, phase or pulse with its row, got ${kindText(line)}.`);
  return { row, mark: mark as unknown as Mark };
}

function kindText(line: Line): string {
  return JSON.stringify(line.kind) ?? 'nothing';
}
