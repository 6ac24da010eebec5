// Two ledgers of different users become one, and a ledger travels.

import { decodeInts, type EncodedColumn, eachUser, encodeColumn, setInt } from '../flat/column.ts';
import { codeOf, NO_NAME, namesOf } from '../flat/names.ts';
import { addRow, decodeRows, type EncodedRows, encodeRows, NO_ROW } from '../flat/rows.ts';
import { egressOf, type Ledger, ledgerOf, tagOf } from './ledger.ts';
import type { SessionRow } from './session-row.ts';
import { translateWay } from './way.ts';
import { copyWrites, decodeWrites, type EncodedWrites, encodeWrites } from './writes.ts';

/** Adds the sessions of other users. */
export function addLedger(into: Ledger, from: Ledger): void {
  const numbers: Numbers = {
    backends: from.backends.texts.map((text) => codeOf(into.backends, text)),
    keys: from.keys.texts.map((text) => codeOf(into.keys, text)),
  };
  eachUser(from.latest, (user, latest) => {
    setInt(into.latest, user, into.rows.size + 1);
    for (let row = latest - 1; row !== NO_ROW; row = from.carried.next) copySession(into, from, from.carried.on(row), numbers);
  });
}

/** What the numbers of one ledger are in the other. */
interface Numbers {
  readonly backends: readonly number[];
  readonly keys: readonly number[];
}

/** The sessions of one user are copied from his latest on, so that the one before it comes next. */
function copySession(into: Ledger, from: Ledger, session: SessionRow, { backends, keys }: Numbers): void {
  const copy = into.carried.on(addRow(into.rows));
  into.tags.push(tagOf(from, session));
  into.egress.push(egressOf(from, session));
  copy.copy(session);
  copy.next = session.next === NO_ROW ? NO_ROW : copy.number + 1;
  copy.home = backends[session.home] ?? NO_NAME;
  copy.formerHome = backends[session.formerHome] ?? NO_NAME;
  copy.way = translateWay(session.way, backends);
  copy.writes = copyWrites(into.writes, from.writes, session.writes, (key) => keys[key] as number);
}

export type EncodedLedger = {
  readonly latest: EncodedColumn;
  readonly rows: EncodedRows;
  readonly tags: readonly string[];
  readonly egress: readonly string[];
  readonly backends: readonly string[];
  readonly keys: readonly string[];
  readonly writes: EncodedWrites;
};

export function encodeLedger({ latest, rows, tags, egress, backends, keys, writes }: Ledger): EncodedLedger {
  return {
    latest: encodeColumn(latest),
    rows: encodeRows(rows),
    tags: [...tags],
    egress: [...egress],
    backends: [...backends.texts],
    keys: [...keys.texts],
    writes: encodeWrites(writes),
  };
}

export function decodeLedger({ latest, rows, tags, egress, backends, keys, writes }: EncodedLedger): Ledger {
  return ledgerOf({
    latest: decodeInts(latest),
    rows: decodeRows(rows),
    tags: [...tags],
    egress: [...egress],
    backends: namesOf(backends),
    keys: namesOf(keys),
    writes: decodeWrites(writes),
  });
}
