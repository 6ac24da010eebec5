// The block `payload`: rows of CSV files, of which each user takes one.

import { dirname, isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import type { Payload } from '../../model/workload.ts';
import { type Finding, finding, type Problem } from '../problems/problem.ts';
import { type CsvRow, parseCsv } from '../values/csv.ts';
import { text, variableName } from '../values/leaves.ts';
import { mapping, nonEmptyList, oneOrMany, word } from '../values/shapes.ts';
import { VARIABLE_PATTERN } from '../values/templates.ts';

const payloadShape = mapping(
  'a payload such as { path: users.csv }',
  {
    path: text.describe('A CSV file, relative to the workload file.'),
    fields: nonEmptyList('names of columns', variableName)
      .optional()
      .describe('Names of the columns, used as {{ variables }}. Left out, the first line names them.'),
    order: word(['sequence', 'random']).prefault('sequence').describe('How users take rows; after the last row it begins again.'),
  },
  {
    skipHeader: 'A first line that repeats the fields is skipped by itself.',
    delimiter: 'Columns are separated by commas.',
    cast: 'All values are texts.',
    loadAll: 'Each user takes one row.',
  },
);

export const payloadsShape = oneOrMany('a payload such as { path: users.csv }', payloadShape);

export type PayloadDraft = z.output<typeof payloadShape>;

export interface PayloadFiles {
  readonly fileName: string;
  /** Text of a file, or throws. */
  readonly readText: (path: string) => string;
  /** Turns what is wrong in the workload file into a problem. */
  readonly place: (found: Finding, code: Problem['code']) => Problem;
}

/** Reads the rows of one payload. A first line that repeats the fields is a header and no row. */
export function readPayload(draft: PayloadDraft, place: readonly PropertyKey[], files: PayloadFiles): Payload | readonly Problem[] {
  const path = isAbsolute(draft.path) ? draft.path : join(dirname(files.fileName), draft.path);
  let content: string;
  try {
    content = files.readText(path);
  } catch (error) {
    const hint = `${reasonOf(error)} Paths are relative to the workload file.`;
    return [files.place(finding([...place, 'path'], `a CSV file that can be read, at ${path}`, hint), 'PAYLOAD_UNREADABLE')];
  }
  const { rows, unclosed } = parseCsv(content);
  if (unclosed !== null)
    return [inCsv(path, unclosed, 'a cell whose quotes close', 'a quote that never closes', 'Double a quote inside a cell: "".')];
  const [first] = rows;
  if (first === undefined) return [inCsv(path, 1, 'rows of comma-separated values', 'an empty file', '')];
  const fields = draft.fields ?? first.cells;
  const isHeader = fields.length === first.cells.length && fields.every((field, index) => field === first.cells[index]);
  const data = isHeader ? rows.slice(1) : rows;
  const problems = [...checkFields(path, fields, draft.fields === undefined), ...checkRows(path, data, fields)];
  if (data.length === 0) problems.push(inCsv(path, first.line, 'rows below the names of the columns', 'none', ''));
  if (problems.length > 0) return problems;
  return { path, fields, rows: data.map(({ cells }) => cells), order: draft.order };
}

/** Only a header line can name columns badly: given fields were read by the schema. */
function checkFields(path: string, fields: readonly string[], fromHeader: boolean): Problem[] {
  const hint = fromHeader ? 'The first line names the columns, unless the payload has fields.' : '';
  const bad = fields.filter((field) => !VARIABLE_PATTERN.test(field));
  const problems = bad.map((field) => inCsv(path, 1, 'names of columns: letters, digits, _, - and dots', JSON.stringify(field), hint));
  const twice = new Set(fields.filter((field, index) => fields.indexOf(field) !== index));
  for (const field of twice) problems.push(inCsv(path, 1, 'names of columns that differ', `${field} twice`, ''));
  return problems;
}

/** The first five rows of a wrong length: the rest is likely wrong in the same way. */
function checkRows(path: string, rows: readonly CsvRow[], fields: readonly string[]): Problem[] {
  const wrong = rows.filter(({ cells }) => cells.length !== fields.length);
  return wrong.slice(0, 5).map(({ line, cells }, index) => {
    const more = index === 4 && wrong.length > 5 ? `${wrong.length - 5} more rows are like this.` : '';
    const separator = cells.length === 1 && /[;\t|]/.test(cells[0] ?? '') ? 'Columns are separated by commas. ' : '';
    return inCsv(path, line, `${counted(fields.length)}: ${fields.join(', ')}`, counted(cells.length), `${separator}${more}`.trim());
  });
}

function counted(cells: number): string {
  return cells === 1 ? '1 cell' : `${cells} cells`;
}

function inCsv(file: string, line: number, expected: string, got: string, hint: string): Problem {
  return { code: 'WORKLOAD_INVALID', file, line, column: 1, path: '', expected, got, hint };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return 'There is no such file.';
  if (code === 'EACCES') return 'It may not be read by you.';
  return code === 'EISDIR' ? 'That is a folder.' : `${error instanceof Error ? error.message : String(error)}.`;
}
