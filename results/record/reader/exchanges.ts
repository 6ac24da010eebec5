// Decoded columns turned back into exchanges.

import type { Answered, Exchange, LostReason, Op, Outcome, RefusedReason } from '../../../model/entry.ts';
import { StickyError } from '../../../model/errors.ts';
import type { ColumnName } from '../columns.ts';
import type { Values } from './decode.ts';

/** The exchange of a row. */
export type ExchangeAt = (row: number) => Exchange;

/**
 * Of the columns of a row group. Its exchanges are made alike, field by field in the order in which the engine makes them, because entries
 * that are all alike are quick to read. Throws StickyError RECORD_UNREADABLE when a row is no exchange.
 */
export function exchangesOf(columns: ReadonlyMap<string, Values>, rows: number, path: string): ExchangeAt {
  const nulls = new Array<null>(rows).fill(null);
  const column = <T>(name: ColumnName): ArrayLike<T> => (columns.get(name) ?? nulls) as ArrayLike<T>;
  const [user, seq] = [column<number>('user'), column<number>('seq')];
  const [due, asked, sent, done] = [column<number>('due'), column<number>('asked'), column<number>('sent'), column<number>('done')];
  const [phase, egress, method] = [column<string>('phase'), column<string>('egress'), column<string>('method')];
  const [name, op, key] = [column<string>('name'), column<Op>('op'), column<string>('key')];
  const session = column<string | null>('session');
  const outcome = outcomesOf(column, path);
  return (row) => ({
    kind: 'exchange',
    user: user[row] as number,
    seq: seq[row] as number,
    due: due[row] as number,
    asked: asked[row] as number,
    sent: sent[row] as number,
    done: done[row] as number,
    phase: phase[row] as string,
    egress: egress[row] as string,
    method: method[row] as string,
    name: name[row] as string,
    op: op[row] as Op,
    key: key[row] as string,
    session: session[row] as string | null,
    outcome: outcome(row),
  });
}

type Column = <T>(name: ColumnName) => ArrayLike<T>;

function outcomesOf(column: Column, path: string): (row: number) => Outcome {
  const kind = column<string>('outcome');
  const reason = column<string>('reason');
  const answer = answersOf(column);
  return (row) => {
    if (kind[row] === 'answered') return answer(row);
    if (kind[row] === 'refused') return { kind: 'refused', reason: reason[row] as RefusedReason };
    if (kind[row] === 'lost') return { kind: 'lost', reason: reason[row] as LostReason };
    throw new StickyError('RECORD_UNREADABLE', `${path}: expected an outcome, got ${JSON.stringify(kind[row])}.`);
  };
}

function answersOf(column: Column): (row: number) => Answered {
  const [status, met, backend] = [column<number>('status'), column<boolean>('met'), column<string | null>('backend')];
  const [path, set, deleted] = [column<string>('path'), column<string | null>('set'), column<boolean>('deleted')];
  const [effective, created, owner] = [
    column<string | null>('effective'),
    column<boolean | null>('created'),
    column<string | null>('owner'),
  ];
  const counter = column<number>('counter');
  const pathOf = createPaths();
  return (row) => ({
    kind: 'answered',
    status: status[row] as number,
    met: met[row] as boolean,
    backend: backend[row] as string | null,
    path: pathOf(path[row] as string),
    set: set[row] as string | null,
    deleted: deleted[row] as boolean,
    effective: effective[row] as string | null,
    created: created[row] as boolean | null,
    owner: owner[row] as string | null,
    counter: nullOr(counter[row] as number),
  });
}

/** Lists are few and shared, as they never change. */
function createPaths(): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const path: readonly string[] = JSON.parse(text);
    known.set(text, path);
    return path;
  };
}

function nullOr(number: number): number | null {
  return Number.isNaN(number) ? null : number;
}
