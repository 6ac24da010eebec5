// The analyzer of sessions: affinity, losses and their causes, forks, and who was hit by which fault.

import type { Analyzer } from '../../model/analyzer.ts';
import { type Answered, type Entry, type Exchange, type FaultEvent, standing } from '../../model/entry.ts';
import type { Finding } from '../../model/measure.ts';
import { isWarmup, settleOf } from '../../model/setup.ts';
import { noteFault, windowAt } from '../fault-log.ts';
import { codeOf, NO_NAME } from '../flat/names.ts';
import { judgeHit, keyChange, tallyHit } from './affinity.ts';
import { keep, tellLoss, tellViolation, wanted } from './evidence.ts';
import { groupsAt, noteLoss, noteRequest } from './fault-groups.ts';
import { findSessions } from './finding.ts';
import { findSession, lifeOf } from './ledger.ts';
import { type Evident, evidenceOfLoss, explain, hasHomes } from './loss.ts';
import { type Change, note } from './note.ts';
import { sessionOf } from './session.ts';
import { LOST, type SessionRow } from './session-row.ts';
import { decode, encode, init, merge, type SessionsState } from './state.ts';
import { noteWay } from './way.ts';

export const sessions: Analyzer<SessionsState> = {
  name: 'sessions',
  init,
  step,
  merge,
  finish: (state): Finding => findSessions(state),
  encode,
  decode,
};

function step(state: SessionsState, entry: Entry): void {
  if (entry.kind === 'exchange') judge(state, entry);
  else if (entry.kind === 'fault') hurt(state, entry);
}

function judge(state: SessionsState, exchange: Exchange): void {
  const { ledger, groups } = state;
  const { user, session, outcome } = exchange;
  const carried = session === null ? null : findSession(ledger, ledger.carried, user, session);
  const ok = standing(outcome) === 'ok';
  if (outcome.kind === 'answered') look(state, outcome);
  if (groups.length > 0) noteRequest(groups, user, exchange.sent);
  if (carried !== null && outcome.kind === 'answered' && ok) judgeCarried(state, carried, exchange, outcome);
  tallyChange(state, note(ledger, exchange, carried, ok));
}

function look({ seen }: SessionsState, answer: Answered): void {
  if (answer.backend !== null) seen.backend = true;
  if (answer.set !== null) seen.session = true;
  if (answer.created !== null) seen.page = true;
}

function judgeCarried(state: SessionsState, session: SessionRow, exchange: Exchange, answer: Answered): void {
  const { ledger, count, setup } = state;
  const evident = evidenceOfLoss(ledger, session, exchange, answer, setup);
  const life = lifeOf(session, exchange, setup.sessionTimeout);
  if (life === 'expired' && evident !== null) count.expired += 1;
  if (life !== 'live') return;
  judgeAffinity(state, session, exchange, answer);
  count.watched += 1;
  if (evident === null) return;
  if ((session.flags & LOST) !== 0) {
    count.echoes += 1;
    return;
  }
  session.flags |= LOST;
  noteLost(state, session, exchange, answer.backend, evident);
}

function noteLost(state: SessionsState, session: SessionRow, exchange: Exchange, backend: string | null, evident: Evident): void {
  const { setup, faults, ledger, shelf } = state;
  const settle = settleOf(setup);
  const why = explain(ledger, session, exchange, backend, { setup, faults, settle });
  state.losses[why.cause] = (state.losses[why.cause] ?? 0) + 1;
  noteLoss(state.groups, exchange.user, exchange.done, why, settle);
  const kind = `lost ${why.cause}`;
  if (wanted(shelf, kind, exchange.done)) keep(shelf, kind, tellLoss(sessionOf(ledger, session), exchange, backend, evident, why, faults));
}

/** Warm-up is left out of affinity, never out of losses. */
function judgeAffinity(state: SessionsState, session: SessionRow, exchange: Exchange, { backend }: Answered): void {
  const { ledger, setup, faults, shelf } = state;
  if (backend === null || session.home === NO_NAME || isWarmup(setup, exchange.phase)) return;
  const settle = settleOf(setup);
  const code = codeOf(ledger.backends, backend);
  const hit = judgeHit(session, code, exchange, { faults, settle, backends: ledger.backends });
  tallyHit(state.affinity, keyChange(ledger, session, exchange), windowAt(faults, exchange.done, settle), hit);
  noteWay(state.ways, ledger, exchange.user, session, code, hit === 'violation');
  if (hit === 'violation' && hasHomes(setup) && wanted(shelf, 'violation', exchange.done))
    keep(shelf, 'violation', tellViolation(sessionOf(ledger, session), exchange, backend));
}

function tallyChange({ count }: SessionsState, change: Change): void {
  if (change === 'none') return;
  if (change === 'created' || change === 'fork' || change === 'orphan') count.created += 1;
  if (change === 'fork') count.forks += 1;
  if (change === 'fork' || change === 'orphan') count.orphans += 1;
}

function hurt(state: SessionsState, event: FaultEvent): void {
  const { setup, ledger, groups, faults } = state;
  noteFault(faults, event);
  if (event.stage === 'began') groups.push(groupsAt(ledger, event, setup.backends.includes(event.target), setup.sessionTimeout));
  const group = groups.find((one) => one.fault === event.fault);
  if (group === undefined) return;
  if (event.stage === 'ended') group.ended = event.at;
  if (event.stage === 'failed' && !faults.some((fault) => fault.fault === event.fault)) groups.splice(groups.indexOf(group), 1);
}
