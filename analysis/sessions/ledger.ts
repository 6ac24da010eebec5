// Who holds which session, and where: what the answers so far have shown of each user's sessions.

import { type Answered, type Exchange, standing } from '../../model/entry.ts';
import { core, type SessionTag } from '../../model/session.ts';
import { addressKey } from '../../model/strategy.ts';
import type { Micros } from '../../model/units.ts';

/** One session of one user, from the answer that made it. Plain data. */
export interface Session {
  tag: SessionTag;
  core: string;
  /** home(r): the backend that holds it. Null while no answer has told. */
  home: string | null;
  /** Home before the last rename of the route, and when that rename was seen. */
  formerHome: string | null;
  movedAt: Micros;
  /** Address of the request that created it, and key(ip) of that. */
  readonly egress: string;
  readonly key: string;
  readonly createdAt: Micros;
  /** Last time an answered request carried or received it. */
  lastSeen: Micros;
  /** Last time an ok request carried or received it. */
  lastOk: Micros;
  /** The page shows its owner, so that a page without owner has lost it. */
  owned: boolean;
  /** Per key: highest counter that an ok write is known to have reached, and when that was acknowledged. */
  writes: Record<string, { value: number; at: Micros }>;
  /** When a logout of it was sent. */
  ended: Micros | null;
  /** When a login that changed its id was sent and answered. */
  rotated: { sent: Micros; done: Micros } | null;
  /** Made beside another one by concurrent requests that carried none. */
  forked: boolean;
  lost: boolean;
}

/** What is remembered of one user. */
export interface Holder {
  /** Latest first, at most `REMEMBERED`. */
  sessions: Session[];
  /** The last creation by a request that carried no session. */
  bareCreation: { sent: Micros; done: Micros } | null;
  /** When a request of his was last lost to a timeout. */
  lastTimeout: Micros | null;
}

/** Sessions remembered per user: enough for the requests in flight when ids change, and a bound on memory. */
const REMEMBERED = 8;

export function newHolder(): Holder {
  return { sessions: [], bareCreation: null, lastTimeout: null };
}

/** The session that a request carried, when an earlier answer had made it. */
export function carriedBy(holder: Holder, exchange: Exchange): Session | null {
  if (exchange.session === null) return null;
  return find(holder, exchange.session);
}

/** Whether nothing that was seen has ended the session: no logout sent before the answer was complete, not idle to its timeout. */
export type Life = 'live' | 'expired' | 'ended';

export function lifeOf(session: Session, exchange: Exchange, sessionTimeout: Micros): Life {
  if (session.ended !== null && session.ended < exchange.done) return 'ended';
  return exchange.sent - session.lastSeen >= sessionTimeout - EPSILON ? 'expired' : 'live';
}

/** Slack of the expiry: the server's clock for idleness starts and ends elsewhere than ours. */
const EPSILON: Micros = 1_000_000;

/** What an answer changed in the ledger. */
export type Change = 'none' | 'created' | 'fork' | 'orphan' | 'moved' | 'rotated';

/** Takes an exchange into the ledger, after it has been judged. */
export function note(holder: Holder, exchange: Exchange, carried: Session | null, ok: boolean): Change {
  const { outcome } = exchange;
  if (outcome.kind === 'lost' && outcome.reason === 'timeout') holder.lastTimeout = exchange.done;
  if (carried !== null && ends(exchange)) carried.ended ??= exchange.sent;
  if (outcome.kind !== 'answered') return 'none';
  if (carried !== null) touch(carried, exchange, outcome, ok);
  return outcome.set === null ? 'none' : noteSet(holder, exchange, outcome, outcome.set, carried);
}

/** A logout that was, or may have been, executed; or an answer that deletes the cookie. */
function ends({ op, outcome }: Exchange): boolean {
  return (op === 'logout' && standing(outcome) !== 'failed') || (outcome.kind === 'answered' && outcome.deleted);
}

function touch(session: Session, exchange: Exchange, answer: Answered, ok: boolean): void {
  session.lastSeen = Math.max(session.lastSeen, exchange.done);
  if (!ok) return;
  session.lastOk = Math.max(session.lastOk, exchange.done);
  if (answer.owner !== null) session.owned = true;
  if (exchange.op === 'write' && answer.counter !== null) noteWrite(session, exchange.key, answer.counter, exchange.done);
}

function noteWrite(session: Session, key: string, value: number, at: Micros): void {
  const known = session.writes[key];
  if (known === undefined || value > known.value) session.writes[key] = { value, at };
}

function noteSet(holder: Holder, exchange: Exchange, answer: Answered, tag: SessionTag, carried: Session | null): Change {
  const known = find(holder, tag);
  if (known !== null) return rename(known, tag, answer.backend, exchange.done);
  const rotation = exchange.op === 'rotate' && carried !== null && answer.created !== true;
  const session = newSession(exchange, answer, tag);
  if (rotation && carried !== null) {
    carried.rotated = { sent: exchange.sent, done: exchange.done };
    session.writes = { ...carried.writes };
  }
  const change = rotation ? 'rotated' : kindOfCreation(holder, exchange, carried);
  session.forked = change === 'fork';
  if (exchange.session === null) holder.bareCreation = { sent: exchange.sent, done: exchange.done };
  holder.sessions.unshift(session);
  if (holder.sessions.length > REMEMBERED) holder.sessions.pop();
  return change;
}

/** JvmRouteBinderValve gave the session another route: the state now lives where the answer came from (Tomcat 10.1 JvmRouteBinderValve). */
function rename(session: Session, tag: SessionTag, backend: string | null, at: Micros): Change {
  if (session.tag === tag) return 'none';
  session.tag = tag;
  session.formerHome = session.home;
  session.home = backend ?? session.home;
  session.movedAt = at;
  return 'moved';
}

function newSession(exchange: Exchange, answer: Answered, tag: SessionTag): Session {
  const writes: Session['writes'] = {};
  if (exchange.op === 'write' && answer.counter !== null) writes[exchange.key] = { value: answer.counter, at: exchange.done };
  return {
    tag,
    core: core(tag),
    home: answer.backend,
    formerHome: null,
    movedAt: 0,
    egress: exchange.egress,
    key: addressKey(exchange.egress),
    createdAt: exchange.done,
    lastSeen: exchange.done,
    lastOk: exchange.done,
    owned: answer.owner !== null,
    writes,
    ended: null,
    rotated: null,
    forked: false,
    lost: false,
  };
}

/** A creation beside another one that overlapped it leaves an orphan: by a bare request (a fork), or by an echo of a loss. */
function kindOfCreation(holder: Holder, exchange: Exchange, carried: Session | null): Change {
  if (exchange.session === null) return holder.bareCreation !== null && exchange.sent < holder.bareCreation.done ? 'fork' : 'created';
  return carried?.lost === true && carried.createdAt < (holder.sessions[0]?.createdAt ?? 0) ? 'orphan' : 'created';
}

function find(holder: Holder, tag: SessionTag): Session | null {
  const latest = holder.sessions[0];
  if (latest !== undefined && latest.tag === tag) return latest;
  const wanted = core(tag);
  for (const session of holder.sessions) if (session.core === wanted) return session;
  return null;
}
