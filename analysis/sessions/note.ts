// Takes exchanges into the ledger, after they have been judged.

import { type Answered, type Exchange, standing } from '../../model/entry.ts';
import type { SessionTag } from '../../model/session.ts';
import type { Micros } from '../../model/units.ts';
import { codeOf, codeOrNone } from '../flat/names.ts';
import { addSession, findSession, type Ledger, latestSession, tagOf } from './ledger.ts';
import { FORKED, LOST, NEVER, OWNED, type SessionRow } from './session-row.ts';
import { copyWrites, noteWrite } from './writes.ts';

/** What an answer changed in the ledger. */
export type Change = 'none' | 'created' | 'fork' | 'orphan' | 'moved' | 'rotated';

/** `carried` is the session that the request carried, when an earlier answer had made it. */
export function note(ledger: Ledger, exchange: Exchange, carried: SessionRow | null, ok: boolean): Change {
  const { outcome } = exchange;
  if (outcome.kind === 'lost' && outcome.reason === 'timeout') noteTimeout(ledger, exchange);
  if (carried !== null && ends(exchange) && carried.ended === NEVER) carried.ended = exchange.sent;
  if (outcome.kind !== 'answered') return 'none';
  if (carried !== null) touch(ledger, carried, exchange, outcome, ok);
  return outcome.set === null ? 'none' : noteSet(ledger, exchange, outcome, outcome.set, carried);
}

/** A timeout is held against sessions that were made before it: without any there is nothing to remember. */
function noteTimeout(ledger: Ledger, { user, done }: Exchange): void {
  const latest = latestSession(ledger, user);
  if (latest !== null) latest.timeout = done;
}

/** A logout that was, or may have been, executed; or an answer that deletes the cookie. */
function ends({ op, outcome }: Exchange): boolean {
  return (op === 'logout' && standing(outcome) !== 'failed') || (outcome.kind === 'answered' && outcome.deleted);
}

function touch(ledger: Ledger, session: SessionRow, exchange: Exchange, answer: Answered, ok: boolean): void {
  const { done } = exchange;
  if (done > session.seen) session.seen = done;
  if (!ok) return;
  if (done > session.ok) session.ok = done;
  noteAnswer(ledger, session, exchange, answer);
}

/** What an ok answer tells of its session: an owner, a counter. */
function noteAnswer({ keys, writes }: Ledger, session: SessionRow, { op, key, done }: Exchange, { owner, counter }: Answered): void {
  if (owner !== null) session.flags |= OWNED;
  if (op === 'write' && counter !== null) session.writes = noteWrite(writes, session.writes, codeOf(keys, key), counter, done);
}

function noteSet(ledger: Ledger, exchange: Exchange, answer: Answered, tag: SessionTag, carried: SessionRow | null): Change {
  const known = findSession(ledger, ledger.other, exchange.user, tag);
  if (known !== null) return rename(ledger, known, tag, answer.backend, exchange.done);
  if (exchange.op === 'rotate' && carried !== null && answer.created !== true) return rotate(ledger, exchange, answer, tag, carried);
  const change = kindOfCreation(ledger, exchange, carried);
  const session = create(ledger, exchange, answer, tag);
  if (change === 'fork') session.flags |= FORKED;
  return change;
}

/** JvmRouteBinderValve gave the session another route: the state now lives where the answer came from (Tomcat 10.1 JvmRouteBinderValve). */
function rename(ledger: Ledger, session: SessionRow, tag: SessionTag, backend: string | null, at: Micros): Change {
  if (tagOf(ledger, session) === tag) return 'none';
  ledger.tags[session.number] = tag;
  session.formerHome = session.home;
  if (backend !== null) session.home = codeOf(ledger.backends, backend);
  session.moved = at;
  return 'moved';
}

/** A login changed the id: what was written in the session is in the new one. */
function rotate(ledger: Ledger, exchange: Exchange, answer: Answered, tag: SessionTag, carried: SessionRow): Change {
  carried.rotationSent = exchange.sent;
  carried.rotationDone = exchange.done;
  const writes = copyWrites(ledger.writes, ledger.writes, carried.writes);
  create(ledger, exchange, answer, tag).writes = writes;
  return 'rotated';
}

function create(ledger: Ledger, exchange: Exchange, answer: Answered, tag: SessionTag): SessionRow {
  const session = addSession(ledger, exchange.user, tag, exchange.egress);
  session.home = codeOrNone(ledger.backends, answer.backend);
  session.created = exchange.done;
  session.seen = exchange.done;
  session.ok = exchange.done;
  if (exchange.session === null) session.bareCreation = exchange.done;
  noteAnswer(ledger, session, exchange, answer);
  return session;
}

/** A creation beside another one that overlapped it leaves an orphan: by a bare request (a fork), or by an echo of a loss. */
function kindOfCreation(ledger: Ledger, { user, session, sent }: Exchange, carried: SessionRow | null): Change {
  const latest = latestSession(ledger, user);
  if (latest === null) return 'created';
  if (session === null) return sent < latest.bareCreation ? 'fork' : 'created';
  return carried !== null && (carried.flags & LOST) !== 0 && carried.created < latest.created ? 'orphan' : 'created';
}
