// Exchanges turned into columns in memory: the part of recording that runs for every exchange.

import type { Answered, Exchange } from '../../model/entry.ts';
import type { ColumnName } from './columns.ts';

/** Columns of at most `capacity` exchanges, of which the first `length` count. Filled over and over again. */
export interface Rows {
  length: number;
  readonly capacity: number;
  readonly user: Int32Array;
  readonly seq: Int32Array;
  readonly due: Float64Array;
  readonly asked: Float64Array;
  readonly sent: Float64Array;
  readonly done: Float64Array;
  readonly phase: string[];
  readonly egress: string[];
  readonly method: string[];
  readonly name: string[];
  readonly op: string[];
  readonly key: string[];
  readonly session: (string | null)[];
  readonly outcome: string[];
  readonly reason: (string | null)[];
  readonly status: (number | null)[];
  readonly met: (boolean | null)[];
  readonly backend: (string | null)[];
  readonly path: (string | null)[];
  readonly set: (string | null)[];
  readonly deleted: (boolean | null)[];
  readonly effective: (string | null)[];
  readonly created: (boolean | null)[];
  readonly owner: (string | null)[];
  readonly counter: (number | null)[];
}

/** Columns with room for `capacity` exchanges. */
export function makeRows(capacity: number): Rows {
  const texts = (): string[] => new Array<string>(capacity).fill('');
  const nullable = <T>(): (T | null)[] => new Array<T | null>(capacity).fill(null);
  return {
    length: 0,
    capacity,
    user: new Int32Array(capacity),
    seq: new Int32Array(capacity),
    due: new Float64Array(capacity),
    asked: new Float64Array(capacity),
    sent: new Float64Array(capacity),
    done: new Float64Array(capacity),
    phase: texts(),
    egress: texts(),
    method: texts(),
    name: texts(),
    op: texts(),
    key: texts(),
    session: nullable<string>(),
    outcome: texts(),
    reason: nullable<string>(),
    status: nullable<number>(),
    met: nullable<boolean>(),
    backend: nullable<string>(),
    path: nullable<string>(),
    set: nullable<string>(),
    deleted: nullable<boolean>(),
    effective: nullable<string>(),
    created: nullable<boolean>(),
    owner: nullable<string>(),
    counter: nullable<number>(),
  };
}

/** Adds one exchange. There must be room. Stores numbers and references only: nothing is allocated, copied or hashed. */
export function addRow(rows: Rows, exchange: Exchange): void {
  const at = rows.length;
  rows.user[at] = exchange.user;
  rows.seq[at] = exchange.seq;
  rows.due[at] = exchange.due;
  rows.asked[at] = exchange.asked;
  rows.sent[at] = exchange.sent;
  rows.done[at] = exchange.done;
  rows.phase[at] = exchange.phase;
  rows.egress[at] = exchange.egress;
  rows.method[at] = exchange.method;
  rows.name[at] = exchange.name;
  rows.op[at] = exchange.op;
  rows.key[at] = exchange.key;
  rows.session[at] = exchange.session;
  const { outcome } = exchange;
  rows.outcome[at] = outcome.kind;
  if (outcome.kind === 'answered') addAnswer(rows, at, outcome);
  else addFailure(rows, at, outcome.reason);
  rows.length = at + 1;
}

function addAnswer(rows: Rows, at: number, answer: Answered): void {
  rows.reason[at] = null;
  rows.status[at] = answer.status;
  rows.met[at] = answer.met;
  rows.backend[at] = answer.backend;
  rows.path[at] = pathText(answer.path);
  rows.set[at] = answer.set;
  rows.deleted[at] = answer.deleted;
  rows.effective[at] = answer.effective;
  rows.created[at] = answer.created;
  rows.owner[at] = answer.owner;
  rows.counter[at] = answer.counter;
}

function addFailure(rows: Rows, at: number, reason: string): void {
  rows.reason[at] = reason;
  rows.status[at] = null;
  rows.met[at] = null;
  rows.backend[at] = null;
  rows.path[at] = null;
  rows.set[at] = null;
  rows.deleted[at] = null;
  rows.effective[at] = null;
  rows.created[at] = null;
  rows.owner[at] = null;
  rows.counter[at] = null;
}

/** Texts of one-backend paths, by name: there are as many as backends, and nearly every path is one of them. */
const singlePaths = new Map<string, string>();

/** Backend names are few; past this many they are not kept, so that a hostile server cannot fill the memory. */
const MOST_SINGLE_PATHS = 1_000;

function pathText(path: readonly string[]): string {
  const [first] = path;
  if (first === undefined) return '[]';
  if (path.length > 1) return JSON.stringify(path);
  const known = singlePaths.get(first);
  if (known !== undefined) return known;
  const text = JSON.stringify(path);
  if (singlePaths.size < MOST_SINGLE_PATHS) singlePaths.set(first, text);
  return text;
}

/** The filled part of one column, as the Parquet encoder wants it. Throws when a long is not a whole number: such an exchange cannot be. */
export function columnValues(rows: Rows, column: ColumnName): Int32Array | BigInt64Array | unknown[] {
  const values = rows[column];
  if (values instanceof Int32Array) return values.subarray(0, rows.length);
  if (values instanceof Float64Array) return longs(values.subarray(0, rows.length), column);
  if (column === 'counter') checkCounters(rows);
  return values.slice(0, rows.length);
}

/** 32-bit integers where all fit (a run of less than 35 minutes), because the encoder is about twice as fast with them. */
function longs(values: Float64Array, column: ColumnName): Int32Array | BigInt64Array {
  let narrow = true;
  for (const value of values) {
    if (value !== (value | 0)) {
      if (!Number.isSafeInteger(value)) throw new Error(`impossible exchange: ${column} is ${value}`);
      narrow = false;
    }
  }
  return narrow ? Int32Array.from(values) : BigInt64Array.from(values, BigInt);
}

function checkCounters(rows: Rows): void {
  for (let at = 0; at < rows.length; at++) {
    const counter = rows.counter[at];
    if (counter !== null && !Number.isSafeInteger(counter)) throw new Error(`impossible exchange: counter is ${counter}`);
  }
}
