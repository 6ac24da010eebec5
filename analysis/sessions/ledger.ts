// Who holds which session, and where: what the answers so far have shown of each user's sessions.

import type { Exchange } from '../../model/entry.ts';
import { core, type SessionTag } from '../../model/session.ts';
import type { Micros } from '../../model/units.ts';
import { type IntColumn, intOf, newColumn, setInt } from '../flat/column.ts';
import { type Names, NO_NAME, namesOf } from '../flat/names.ts';
import { addRow, NO_ROW, newRows, type Rows } from '../flat/rows.ts';
import { NEVER, SESSION_INTS, SESSION_TIMES, SessionRow } from './session-row.ts';
import { freeWrites, noWrites, type Writes } from './writes.ts';

/** One row for each session that is remembered, of any user. */
export interface Ledger {
  /** Row of each user's latest session plus one; 0 for none. */
  readonly latest: IntColumn;
  readonly rows: Rows;
  readonly tags: SessionTag[];
  /** Address of the request that created each. */
  readonly egress: string[];
  readonly backends: Names;
  /** Keys of counters. */
  readonly keys: Names;
  readonly writes: Writes;
  /** Windows on the session that a request carried, and on another of the same user. */
  readonly carried: SessionRow;
  readonly other: SessionRow;
}

/** Sessions remembered per user: enough for the requests in flight when ids change, and a bound on memory. */
const REMEMBERED = 8;

export function emptyLedger(backends: readonly string[]): Ledger {
  return ledgerOf({
    latest: newColumn(),
    rows: newRows(SESSION_INTS, SESSION_TIMES),
    tags: [],
    egress: [],
    backends: namesOf(backends),
    keys: namesOf([]),
    writes: noWrites(),
  });
}

export function ledgerOf(parts: Omit<Ledger, 'carried' | 'other'>): Ledger {
  return { ...parts, carried: new SessionRow(parts.rows), other: new SessionRow(parts.rows) };
}

/** Row of the user's latest session, or `NO_ROW`. */
export function latestOf({ latest }: Ledger, user: number): number {
  return intOf(latest, user) - 1;
}

/** The user's latest session, in the second window; null where he has none. */
export function latestSession(ledger: Ledger, user: number): SessionRow | null {
  const row = latestOf(ledger, user);
  return row === NO_ROW ? null : ledger.other.on(row);
}

/** The user's session with this tag or, whatever the route, this core, in the window given; null where he has none. */
export function findSession(ledger: Ledger, window: SessionRow, user: number, tag: SessionTag): SessionRow | null {
  const latest = latestOf(ledger, user);
  if (latest === NO_ROW) return null;
  if (ledger.tags[latest] === tag) return window.on(latest);
  const wanted = core(tag);
  for (let row = latest; row !== NO_ROW; row = window.next) {
    window.on(row);
    if (core(tagOf(ledger, window)) === wanted) return window;
  }
  return null;
}

export function tagOf({ tags }: Ledger, { number }: SessionRow): SessionTag {
  return tags[number] as SessionTag;
}

/** Address of the request that created a session. */
export function egressOf({ egress }: Ledger, { number }: SessionRow): string {
  return egress[number] as string;
}

/** Whether nothing that was seen has ended the session: no logout sent before the answer was complete, not idle to its timeout. */
export type Life = 'live' | 'expired' | 'ended';

export function lifeOf(session: SessionRow, { sent, done }: Exchange, sessionTimeout: Micros): Life {
  if (session.ended !== NEVER && session.ended < done) return 'ended';
  return sent - session.seen >= sessionTimeout - EPSILON ? 'expired' : 'live';
}

/** Slack of the expiry: the server's clock for idleness starts and ends elsewhere than ours. */
const EPSILON: Micros = 1_000_000;

/** Puts a new session before the user's others and returns it, in the second window. The one that is one too many is forgotten. */
export function addSession(ledger: Ledger, user: number, tag: SessionTag, egress: string): SessionRow {
  const { rows, tags, latest, other: window } = ledger;
  const before = latestOf(ledger, user);
  const { way, bareCreation, timeout } = before === NO_ROW ? NOBODY : window.on(before);
  const free = before === NO_ROW ? NO_ROW : dropOldest(ledger, before);
  const session = window.on(free === NO_ROW ? addRow(rows) : free);
  tags[session.number] = tag;
  ledger.egress[session.number] = egress;
  session.next = before;
  session.home = NO_NAME;
  session.formerHome = NO_NAME;
  session.flags = 0;
  session.writes = NO_ROW;
  session.way = way;
  session.seen = NEVER;
  session.ok = NEVER;
  session.ended = NEVER;
  session.rotationSent = NEVER;
  session.rotationDone = NEVER;
  session.created = NEVER;
  session.moved = NEVER;
  session.bareCreation = bareCreation;
  session.timeout = timeout;
  setInt(latest, user, session.number + 1);
  return session;
}

/** What is known of a user who has had no session. */
const NOBODY = { way: 0, bareCreation: NEVER, timeout: NEVER };

/** Takes the last of a full list of sessions out of it, and returns its row; `NO_ROW` when there is room. */
function dropOldest({ other: window, writes }: Ledger, latest: number): number {
  let previous = NO_ROW;
  let last = latest;
  let length = 1;
  for (let next = window.on(last).next; next !== NO_ROW; next = window.on(last).next) {
    previous = last;
    last = next;
    length += 1;
  }
  if (length < REMEMBERED) return NO_ROW;
  freeWrites(writes, window.writes);
  window.on(previous).next = NO_ROW;
  return last;
}
