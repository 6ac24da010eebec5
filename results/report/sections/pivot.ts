// Measures as a table with one of their labels across.

import { CATALOGUE } from '../../../model/catalogue.ts';
import type { Measure } from '../../../model/measure.ts';
import { type Cell, type Column, plain, quiet, type Row, type Table } from '../document.ts';
import { NOT_OBSERVABLE, valueText } from '../measure-text.ts';

export interface Across {
  /** Head of the column of row names. */
  readonly head: string;
  /** Value of the label, empty where the measure has none, for each column. */
  readonly columns: readonly (Column & { readonly value: string })[];
  /** Which column a measure stands in. */
  column(measure: Measure): string;
  /** Name and level of a measure's row. Measures of one row have the same `key`; rows come in order of appearance. */
  row(measure: Measure): RowName;
  cell(measure: Measure): string;
}

export interface RowName {
  readonly key: string;
  readonly text: string;
  readonly level: number;
}

/** A measure without a column of its own is left out. A row keeps its place even when every cell is empty. */
export function pivot(measures: readonly Measure[], across: Across): Table {
  const rows = new Map<string, { readonly name: RowName; readonly cells: Map<string, Measure> }>();
  for (const measure of measures) {
    const name = across.row(measure);
    const row = rows.get(name.key) ?? { name, cells: new Map<string, Measure>() };
    row.cells.set(across.column(measure), measure);
    rows.set(name.key, row);
  }
  return {
    kind: 'table',
    columns: [{ head: across.head, align: 'left', optional: false }, ...across.columns],
    rows: [...rows.values()].map(({ name, cells }): Row => {
      const rest = across.columns.map(({ value }): Cell => cellOf(cells.get(value), across));
      return { level: name.level, cells: [plain(name.text), ...rest] };
    }),
  };
}

function cellOf(measure: Measure | undefined, across: Across): Cell {
  if (measure === undefined) return plain('');
  const text = across.cell(measure);
  return valueText(measure) === NOT_OBSERVABLE ? quiet(text) : plain(text);
}

/** By place in the catalogue, then by labels: fewest first, else as they came. */
export function inOrder(measures: readonly Measure[]): readonly Measure[] {
  const names = Object.keys(CATALOGUE);
  const place = ({ name }: Measure): number => names.indexOf(name);
  const labels = (measure: Measure): number => Object.keys(measure.labels).length;
  return measures.toSorted((a, b) => place(a) - place(b) || labels(a) - labels(b));
}

/** `sight L1`, or `sight L0 to L3`; empty when everything was seen. */
export function sightText(measures: readonly Measure[]): string {
  const seen = [...new Set(measures.map(({ sight }) => sight))].sort();
  const [least] = seen;
  if (least === undefined || least === 'L3') return '';
  return seen.length === 1 ? `sight ${least}` : `sight ${least} to ${seen.at(-1)}`;
}
