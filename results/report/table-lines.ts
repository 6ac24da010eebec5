// Tables in lines of text that never run over the width they are given.

import type { Cell, Column, Row, Table } from './document.ts';
import type { Paint } from './paint.ts';
import { columnsOf, padded, visible, wrap } from './visible.ts';

const INDENT = 2;
const GAP = 2;
/** Columns of text that are wrapped to make room are not made narrower than this. */
const NARROW = 16;
const LONGEST_HEAD = 24;

/**
 * Where room is short, in this order: optional columns are left out, from the right; left-aligned columns wrap their text, the widest first;
 * and what is still too wide is told in several tables, each with the row names.
 */
export function tableLines(table: Table, width: number, paint: Paint): readonly string[] {
  const { columns, rows, bands, widths } = layOut(table, width);
  return bands.flatMap((band) => [
    ...headLines(columns, band, widths, paint),
    ...rows.flatMap((row) => rowLines(row, band, columns, widths, paint)),
  ]);
}

/** The same lines row by row, for a table that has other lines between its rows. A row that is too wide takes several lines. */
export function tableRows(
  table: Table,
  width: number,
  paint: Paint,
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const { columns, rows, bands, widths } = layOut(table, width);
  return {
    head: bands.flatMap((band) => headLines(columns, band, widths, paint)),
    rows: rows.map((row) => bands.flatMap((band) => rowLines(row, band, columns, widths, paint))),
  };
}

interface Layout {
  readonly columns: readonly Column[];
  readonly rows: readonly ShownRow[];
  /** Places of the columns that stand beside each other. */
  readonly bands: readonly (readonly number[])[];
  readonly widths: readonly number[];
}

function layOut(table: Table, width: number): Layout {
  const columns = table.columns.map((column) => ({ ...column, head: shortened(visible(column.head), column.align) }));
  const rows = table.rows.map(shown);
  const natural = naturalWidths(columns, rows);
  const kept = withoutOptional(columns, natural, width);
  const widths = narrowed(columns, natural, kept, width);
  return { columns, rows, bands: bandsOf(kept, widths, width), widths };
}

/** Heads of numbers are names from the workload, as long as somebody liked them. */
function shortened(head: string, align: Column['align']): string {
  return align === 'right' && columnsOf(head) > LONGEST_HEAD ? padded(head, LONGEST_HEAD, 'right') : head;
}

interface ShownRow {
  readonly cells: readonly Cell[];
}

/** Row names indented by their level, everything made visible. */
function shown({ level, cells }: Row): ShownRow {
  return { cells: cells.map((cell, place) => ({ ...cell, text: `${place === 0 ? '  '.repeat(level) : ''}${visible(cell.text)}` })) };
}

function naturalWidths(columns: readonly Column[], rows: readonly ShownRow[]): number[] {
  const widths = columns.map(({ head }) => columnsOf(head));
  for (const { cells } of rows)
    for (const [place, { text }] of cells.entries()) widths[place] = Math.max(widths[place] ?? 0, columnsOf(text));
  return widths;
}

function total(places: readonly number[], widths: readonly number[]): number {
  return places.reduce((sum, place) => sum + (widths[place] ?? 0) + GAP, INDENT - GAP);
}

function withoutOptional(columns: readonly Column[], widths: readonly number[], width: number): number[] {
  const kept = columns.map((_, place) => place);
  for (let place = columns.length - 1; place > 0; place--)
    if (columns[place]?.optional === true && total(kept, widths) > width) kept.splice(kept.indexOf(place), 1);
  return kept;
}

function narrowed(columns: readonly Column[], widths: readonly number[], kept: readonly number[], width: number): number[] {
  const fitted = [...widths];
  while (total(kept, fitted) > width) {
    const widest = kept
      .filter((place) => columns[place]?.align === 'left' && (fitted[place] ?? 0) > NARROW)
      .sort((a, b) => (fitted[b] ?? 0) - (fitted[a] ?? 0))[0];
    if (widest === undefined) return forBands(columns, widths, width);
    fitted[widest] = (fitted[widest] ?? 0) - 1;
  }
  return fitted;
}

/** Several tables it will be. Each must hold the row names and any one column beside them: numbers whole, texts wrapped. */
function forBands(columns: readonly Column[], widths: readonly number[], width: number): number[] {
  const numbers = widths.filter((_, place) => place > 0 && columns[place]?.align === 'right');
  const room = width - INDENT - GAP;
  const names = Math.max(8, Math.min(widths[0] ?? 0, Math.floor(room / 2), room - Math.max(0, ...numbers)));
  return widths.map((one, place) => (place === 0 ? names : Math.min(one, room - names)));
}

/** Columns in groups that fit, each begun by the row names. */
function bandsOf(kept: readonly number[], widths: readonly number[], width: number): readonly (readonly number[])[] {
  const made: number[][] = [];
  let band = [0];
  for (const place of kept.slice(1)) {
    if (band.length > 1 && total([...band, place], widths) > width) {
      made.push(band);
      band = [0];
    }
    band.push(place);
  }
  return [...made, band];
}

function headLines(columns: readonly Column[], band: readonly number[], widths: readonly number[], paint: Paint): readonly string[] {
  if (band.every((place) => columns[place]?.head === '')) return [];
  return [line(band, columns, widths, (place) => ({ text: columns[place]?.head ?? '', tone: 'quiet' }), paint)];
}

function rowLines(
  row: ShownRow,
  band: readonly number[],
  columns: readonly Column[],
  widths: readonly number[],
  paint: Paint,
): readonly string[] {
  const wrapped = band.map((place) => wrapCell(row.cells[place]?.text ?? '', widths[place] ?? 0));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => {
    const cell = (place: number): Cell => ({ text: wrapped[band.indexOf(place)]?.[at] ?? '', tone: row.cells[place]?.tone ?? 'plain' });
    return line(band, columns, widths, cell, paint);
  });
}

/** Wrapped lines keep the indent of the first, and two more. */
function wrapCell(text: string, width: number): readonly string[] {
  if (columnsOf(text) <= width) return [text];
  const indent = /^ */.exec(text)?.[0] ?? '';
  const [first = '', ...rest] = wrap(text.trimStart(), Math.max(1, width - indent.length - 2));
  return [indent + first, ...rest.map((part) => `${indent}  ${part}`)];
}

function line(
  band: readonly number[],
  columns: readonly Column[],
  widths: readonly number[],
  cell: (place: number) => Cell,
  paint: Paint,
): string {
  const cells = band.map((place) => {
    const { text, tone } = cell(place);
    const filled = padded(text, widths[place] ?? 0, columns[place]?.align ?? 'left');
    const words = filled.trim();
    return words === '' ? filled : filled.replace(words, () => paint(words, tone));
  });
  return ' '.repeat(INDENT) + cells.join(' '.repeat(GAP));
}
