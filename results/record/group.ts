// One row of a row group turned back into an exchange.

import type { Answered, Exchange, LostReason, Op, Outcome, RefusedReason } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import type { ColumnName } from './columns.ts';

/** The columns of one row group by name, all of one length. */
export type Group = ReadonlyMap<string, readonly unknown[]>;

/** @throws StickyError RECORD_UNREADABLE when the row is no exchange. */
export function rowToExchange(group: Group, row: number, path: string): Exchange {
  const at = (column: ColumnName): unknown => group.get(column)?.[row] ?? null;
  return {
    kind: 'exchange',
    user: Number(at('user')),
    seq: Number(at('seq')),
    due: Number(at('due')),
    asked: Number(at('asked')),
    sent: Number(at('sent')),
    done: Number(at('done')),
    phase: String(at('phase')),
    egress: String(at('egress')),
    method: String(at('method')),
    name: String(at('name')),
    op: at('op') as Op,
    key: String(at('key')),
    session: at('session') as string | null,
    outcome: outcomeOf(at, path),
  };
}

type Cells = (column: ColumnName) => unknown;

function outcomeOf(at: Cells, path: string): Outcome {
  const kind = at('outcome');
  if (kind === 'answered') return answerOf(at);
  if (kind === 'refused') return { kind, reason: at('reason') as RefusedReason };
  if (kind === 'lost') return { kind, reason: at('reason') as LostReason };
  throw new StickyError('RECORD_UNREADABLE', `${path}: expected an outcome, got ${JSON.stringify(kind)}.`);
}

function answerOf(at: Cells): Answered {
  const counter = at('counter');
  return {
    kind: 'answered',
    status: Number(at('status')),
    met: at('met') === true,
    backend: at('backend') as string | null,
    path: pathOf(String(at('path'))),
    set: at('set') as string | null,
    deleted: at('deleted') === true,
    effective: at('effective') as string | null,
    created: at('created') as boolean | null,
    owner: at('owner') as string | null,
    counter: counter === null ? null : Number(counter),
  };
}

/** Parsed paths by their text: lists are few and shared, as they never change. */
const paths = new Map<string, readonly string[]>();

function pathOf(text: string): readonly string[] {
  const known = paths.get(text);
  if (known !== undefined) return known;
  const path: readonly string[] = JSON.parse(text);
  if (paths.size < 1_000) paths.set(text, path);
  return path;
}
