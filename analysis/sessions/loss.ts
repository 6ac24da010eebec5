// Session loss: what counts as evidence, and what caused it.

import type { Cause } from '../../model/cause.ts';
import type { Answered, Exchange } from '../../model/entry.ts';
import type { FaultSummary } from '../../model/report.ts';
import { core, type SessionTag } from '../../model/session.ts';
import type { Setup } from '../../model/setup.ts';
import { type Binding, STRATEGIES } from '../../model/strategy.ts';
import type { Micros } from '../../model/units.ts';
import { cameBack, type FaultLog, faultMeeting } from '../fault-log.ts';
import { codeOf } from '../flat/names.ts';
import { keyChange } from './affinity.ts';
import { type Ledger, latestSession, tagOf } from './ledger.ts';
import { type Session, sessionOf } from './session.ts';
import { FORKED, NEVER, OWNED, type SessionRow } from './session-row.ts';
import { findWrite } from './writes.ts';

/** How the loss showed. */
export type Evident = 're-created' | 'replaced' | 'deleted' | 'reset' | 'ownerless';

/**
 * Whether an ok answer to a request with a live session shows that the session is gone. What the page tells (a new session, another id in
 * effect, a counter back at its start, no owner) comes before what the cookie tells (replaced, deleted, set again to the same value).
 */
export function evidenceOfLoss(ledger: Ledger, session: SessionRow, exchange: Exchange, answer: Answered, setup: Setup): Evident | null {
  const idMayChange = exchange.op === 'rotate' || exchange.op === 'logout' || rotatedMeanwhile(session, exchange);
  return (
    shownByPage(ledger, session, exchange, answer, idMayChange) ??
    (idMayChange ? null : shownByCookie(tagOf(ledger, session), answer, setup))
  );
}

function shownByPage(ledger: Ledger, session: SessionRow, exchange: Exchange, answer: Answered, idMayChange: boolean): Evident | null {
  const tag = tagOf(ledger, session);
  if (answer.created === true) return newSessionShown(tag, answer);
  if (!idMayChange && answer.effective !== null && !isSame(answer.effective, tag)) return 'replaced';
  if (counterReset(ledger, session, exchange, answer)) return answer.set === null ? 'reset' : newSessionShown(tag, answer);
  return answer.owner === null && exchange.op !== 'logout' && !idMayChange && (session.flags & OWNED) !== 0 ? 'ownerless' : null;
}

/** Whether two tags have the same core. Most often they are the very same. */
function isSame(one: SessionTag, other: SessionTag): boolean {
  return one === other || core(one) === core(other);
}

function newSessionShown(tag: SessionTag, answer: Answered): Evident {
  return answer.set !== null && !isSame(answer.set, tag) ? 'replaced' : 're-created';
}

/** The counter is back at its initial value although a write before this request had been acknowledged. */
function counterReset({ keys, writes }: Ledger, session: SessionRow, { op, key, sent }: Exchange, answer: Answered): boolean {
  if (answer.counter !== (op === 'write' ? 1 : 0)) return false;
  const write = findWrite(writes, session.writes, codeOf(keys, key));
  return write !== null && write.at <= sent && write.counter > 0;
}

function shownByCookie(tag: SessionTag, answer: Answered, setup: Setup): Evident | null {
  if (answer.deleted) return 'deleted';
  if (answer.set === null) return null;
  if (!isSame(answer.set, tag)) return 'replaced';
  // Tomcat sends the session cookie only when it creates a session or changes its id (Request.java:2966, :2519).
  const unchanged = answer.set === tag && answer.created === null;
  return setup.profile === 'tomcat' && unchanged ? 're-created' : null;
}

/** r || rotate: a login that changed the id overlapped this request. */
function rotatedMeanwhile({ rotationSent, rotationDone }: SessionRow, { sent, done }: Exchange): boolean {
  return sent < rotationDone && done > rotationSent;
}

/** Why a session was lost, and the fault that explains it, by its index; null where no fault does. */
export interface Explanation {
  readonly cause: Cause;
  readonly fault: number | null;
}

/**
 * The first cause that fits, in the order of `CAUSES`; `backend` answered. What would be spurious is a failover after all while the balancer
 * may still be shunning a home that is back (`settle`): that is what excuses the miss.
 */
export function explain(ledger: Ledger, row: SessionRow, exchange: Exchange, backend: string | null, around: Around): Explanation {
  const { faults, settle } = around;
  const session = sessionOf(ledger, row);
  const binding = bindingOf(around.setup);
  const since = session.lastOk;
  const store = faultMeeting(faults, 'store', since, exchange.done);
  if (store !== null) return { cause: 'store', fault: store.fault };
  const failover = session.home === null ? null : faultMeeting(faults, session.home, since, exchange.done);
  if (failover !== null) return { cause: 'failover', fault: failover.fault };
  const failback = failbackOf(session, exchange, backend, around, binding);
  if (failback !== null) return { cause: 'failback', fault: failback.fault };
  const byAddress = binding === 'address' || binding === null;
  if (byAddress && keyChange(ledger, row, exchange) === 'changed') return { cause: 'egress', fault: null };
  if (rotatedMeanwhile(row, exchange)) return { cause: 'rotation_race', fault: null };
  if ((row.flags & FORKED) !== 0) return { cause: 'fork', fault: null };
  if ((latestSession(ledger, exchange.user)?.timeout ?? NEVER) > since) return { cause: 'overload', fault: null };
  const shunned = session.home === null ? null : faultMeeting(faults, session.home, since - settle, exchange.done);
  return shunned === null ? { cause: 'spurious', fault: null } : { cause: 'failover', fault: shunned.fault };
}

/** What a loss is judged against. */
export interface Around {
  readonly setup: Setup;
  readonly faults: FaultLog;
  /** How long after its end a fault may still be felt: fail_timeout and a second. */
  readonly settle: Micros;
}

/**
 * The home is up, the balancer's model chooses the backend that answered, and that backend came back since the session was created, or so
 * shortly before that it was still being shunned. A route in the id always chooses the home, and turns choose nothing, so only an address
 * (or an unknown rule) can fail back.
 */
function failbackOf(
  session: Session,
  exchange: Exchange,
  backend: string | null,
  around: Around,
  binding: Binding | null,
): FaultSummary | null {
  if (backend === null || backend === session.home || binding === 'route' || binding === 'none') return null;
  return cameBack(around.faults, backend, session.createdAt, exchange.done, around.settle);
}

/** What the balancer decides by; null when the user did not say. */
function bindingOf(setup: Setup): Binding | null {
  return setup.strategy === null ? null : STRATEGIES[setup.strategy].binding;
}

/** Whether sessions have a home at all: with a shared store and nothing that binds, any backend is as good as another. */
export function hasHomes(setup: Setup): boolean {
  return setup.sessions !== 'shared' || bindingOf(setup) !== 'none';
}
