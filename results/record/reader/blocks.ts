// The entries of a record in the order of the run, one row group after the other.

import type { RowGroup } from 'hyparquet';
import type { Entry } from '../../../model/entry.ts';
import { COLUMNS } from '../columns.ts';
import type { PlacedMark } from '../events.ts';
import type { ExchangeFile } from './exchange-file.ts';
import { type ExchangeAt, exchangesOf } from './exchanges.ts';

/**
 * All marks, and the exchanges of all users or of one. A block is the entries of one row group, to be read before the next is asked for; of a
 * row group without the user nothing but the users is decoded.
 */
export async function* blocksOf(file: ExchangeFile, marks: readonly PlacedMark[], user: number | null): AsyncGenerator<Iterable<Entry>> {
  let first = 0;
  let told = 0;
  for (const group of file.groups) {
    const end = first + Number(group.num_rows);
    const rows = user === null ? everyRow(end - first) : await rowsOf(file, group, user);
    const exchangeAt = rows.length === 0 ? noExchange : exchangesOf(await file.columns(group, NAMES), end - first, file.path);
    const upTo = marks.findIndex(({ row }, place) => place >= told && row >= end);
    const here = marks.slice(told, upTo < 0 ? marks.length : upTo);
    yield inOrder(rows, exchangeAt, here, first);
    told += here.length;
    first = end;
  }
  yield marks.slice(told).map(({ mark }) => mark);
}

const NAMES = COLUMNS.map(({ name }) => name);

function noExchange(): never {
  throw new Error('there is no exchange');
}

function everyRow(count: number): ArrayLike<number> {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

async function rowsOf(file: ExchangeFile, group: RowGroup, user: number): Promise<ArrayLike<number>> {
  const users = (await file.columns(group, ['user'])).get('user') ?? [];
  const rows: number[] = [];
  for (let row = 0; row < users.length; row++) if (users[row] === user) rows.push(row);
  return rows;
}

/** A mark stands before the exchange whose number it has. `first` is the number of row 0. */
function* inOrder(rows: ArrayLike<number>, exchangeAt: ExchangeAt, marks: readonly PlacedMark[], first: number): Generator<Entry> {
  let next = 0;
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] as number;
    for (let placed = marks[next]; placed !== undefined && placed.row <= first + row; placed = marks[++next]) yield placed.mark;
    yield exchangeAt(row);
  }
  for (const { mark } of marks.slice(next)) yield mark;
}
