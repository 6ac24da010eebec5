// The analyzer of sessions: affinity, losses and their causes, forks, and who was hit by which fault.

import type { Analyzer } from '../../model/analyzer.ts';
import { type Answered, type Entry, type Exchange, type FaultEvent, standing } from '../../model/entry.ts';
import type { Finding } from '../../model/measure.ts';
import { isWarmup, settleOf } from '../../model/setup.ts';
import { noteFault, windowAt } from '../fault-log.ts';
import { encoded, plain } from '../plain.ts';
import { judgeHit, keyChange, tallyHit } from './affinity.ts';
import { keep, tellLoss, tellViolation, wanted } from './evidence.ts';
import { type FaultGroups, noteLoss, noteRequest } from './fault-groups.ts';
import { findSessions } from './finding.ts';
import { type Change, carriedBy, type Holder, lifeOf, newHolder, note, type Session } from './ledger.ts';
import { type Evident, evidenceOfLoss, explain, hasHomes } from './loss.ts';
import { init, merge, type SessionsState, type Way } from './state.ts';

export const sessions: Analyzer<SessionsState> = {
  name: 'sessions',
  init,
  step,
  merge,
  finish: (state): Finding => findSessions(state),
  encode: ({ setup: _, ...state }) => encoded(state),
  decode: (setup, from) => ({ ...plain<SessionsState>(from), setup }),
};

function step(state: SessionsState, entry: Entry): void {
  if (entry.kind === 'exchange') judge(state, entry);
  else if (entry.kind === 'fault') hurt(state, entry);
}

function judge(state: SessionsState, exchange: Exchange): void {
  const holder = holderOf(state, exchange.user);
  const carried = carriedBy(holder, exchange);
  const answer = exchange.outcome.kind === 'answered' ? exchange.outcome : null;
  const ok = standing(exchange.outcome) === 'ok';
  if (answer !== null) look(state, answer);
  if (state.groups.length > 0) noteRequest(state.groups, exchange.user, exchange.sent);
  if (carried !== null && answer !== null && ok) judgeCarried(state, holder, carried, exchange, answer);
  tallyChange(state, note(holder, exchange, carried, ok));
}

function holderOf(state: SessionsState, user: number): Holder & { way: Way } {
  const known = state.users[user];
  if (known !== undefined && known !== null) return known;
  const fresh = { ...newHolder(), way: { eligible: 0, violations: 0, switches: 0, last: null } };
  state.users[user] = fresh;
  return fresh;
}

function look(state: SessionsState, answer: Answered): void {
  if (answer.backend !== null) state.seen.backend = true;
  if (answer.set !== null) state.seen.session = true;
  if (answer.created !== null) state.seen.page = true;
}

function judgeCarried(state: SessionsState, holder: Holder & { way: Way }, session: Session, exchange: Exchange, answer: Answered): void {
  const evident = evidenceOfLoss(session, exchange, answer, state.setup);
  const life = lifeOf(session, exchange, state.setup.sessionTimeout);
  if (life === 'expired' && evident !== null) state.count.expired += 1;
  if (life !== 'live') return;
  judgeAffinity(state, holder.way, session, exchange, answer);
  state.count.watched += 1;
  if (evident === null) return;
  if (session.lost) {
    state.count.echoes += 1;
    return;
  }
  session.lost = true;
  noteLost(state, holder, session, exchange, answer.backend, evident);
}

function noteLost(
  state: SessionsState,
  holder: Holder,
  session: Session,
  exchange: Exchange,
  backend: string | null,
  evident: Evident,
): void {
  const { setup, faults } = state;
  const settle = settleOf(setup);
  const why = explain(holder, session, exchange, backend, { setup, faults, settle });
  state.losses[why.cause] = (state.losses[why.cause] ?? 0) + 1;
  noteLoss(state.groups, exchange.user, exchange.done, why, settle);
  const kind = `lost ${why.cause}`;
  if (wanted(state.shelf, kind, exchange.done)) keep(state.shelf, kind, tellLoss(session, exchange, backend, evident, why, faults));
}

/** Warm-up is left out of affinity, never out of losses. */
function judgeAffinity(state: SessionsState, way: Way, session: Session, exchange: Exchange, answer: Answered): void {
  const { backend } = answer;
  if (backend === null || session.home === null || isWarmup(state.setup, exchange.phase)) return;
  const settle = settleOf(state.setup);
  const hit = judgeHit(session, session.home, backend, exchange, state.faults, settle);
  tallyHit(state.affinity, keyChange(session, exchange), windowAt(state.faults, exchange.done, settle), hit);
  way.eligible += 1;
  if (way.last !== null && way.last !== backend) way.switches += 1;
  way.last = backend;
  if (hit !== 'violation') return;
  way.violations += 1;
  if (hasHomes(state.setup) && wanted(state.shelf, 'violation', exchange.done))
    keep(state.shelf, 'violation', tellViolation(session, exchange, backend));
}

function tallyChange(state: SessionsState, change: Change): void {
  if (change === 'created' || change === 'fork' || change === 'orphan') state.count.created += 1;
  if (change === 'fork') state.count.forks += 1;
  if (change === 'fork' || change === 'orphan') state.count.orphans += 1;
}

function hurt(state: SessionsState, event: FaultEvent): void {
  noteFault(state.faults, event);
  if (event.stage === 'began' && hasHomesOn(state, event.target)) state.groups.push(groupsAt(state, event));
  const group = state.groups.find((one) => one.fault === event.fault);
  if (group === undefined) return;
  if (event.stage === 'ended') group.ended = event.at;
  if (event.stage === 'failed' && !state.faults.some((fault) => fault.fault === event.fault))
    state.groups.splice(state.groups.indexOf(group), 1);
}

/** The store and the balancer are nobody's home: there is no group to set against another. */
function hasHomesOn({ setup, users }: SessionsState, target: string): boolean {
  return setup.backends.includes(target) || users.some((holder) => holder?.sessions[0]?.home === target);
}

/** U_f and the control group: every user with a live session at the moment the fault began. */
function groupsAt(state: SessionsState, event: FaultEvent): FaultGroups {
  const members: FaultGroups['members'] = {};
  state.users.forEach((holder, user) => {
    const session = holder?.sessions[0];
    if (session === undefined || session.home === null || session.ended !== null || session.lost) return;
    if (event.at - session.lastSeen >= state.setup.sessionTimeout) return;
    members[user] = { group: session.home === event.target ? 'hurt' : 'control', firstSent: null, lost: false };
  });
  return { fault: event.fault, target: event.target, began: event.at, ended: null, members };
}
