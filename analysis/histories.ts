// Tiny builders for literal histories in tests. Times are seconds.

import type { Answered, Exchange, FaultEvent, FaultKind, LostReason, PhaseMark } from '../model/entry.ts';
import { QUANTILES, type Setup } from '../model/setup.ts';
import { seconds } from '../model/units.ts';

/** Two Tomcats A and B behind ip_hash, sessions in memory for half an hour, fail_timeout 10 s, one phase `steady` after `warm-up`. */
export function setupOf(change: Partial<Setup> = {}): Setup {
  return {
    strategy: 'ip_hash',
    sessions: 'memory',
    backends: ['A', 'B'],
    failTimeout: seconds(10),
    sessionTimeout: seconds(1800),
    profile: 'tomcat',
    sessionCookie: 'JSESSIONID',
    phases: [
      { name: 'warm-up', warmup: true },
      { name: 'steady', warmup: false },
    ],
    quantiles: QUANTILES,
    ...change,
  };
}

type Span = readonly [sent: number, done: number];
type ExchangeChange = Partial<Omit<Exchange, 'outcome' | 'kind'>>;

/** An exchange of user 0 that backend `backend` answered with 200. `carried` is the session it sent. */
export function answered(
  [sent, done]: Span,
  backend: string | null,
  carried: string | null,
  answer: Partial<Answered> = {},
  change: ExchangeChange = {},
): Exchange {
  const outcome: Answered = {
    kind: 'answered',
    status: 200,
    met: true,
    backend,
    path: [],
    set: null,
    deleted: false,
    effective: null,
    created: null,
    owner: null,
    counter: null,
    ...answer,
  };
  return { ...attempt([sent, done], carried), ...change, outcome };
}

/** An exchange of user 0 that was sent and got no whole answer. */
export function lost([sent, done]: Span, carried: string | null, reason: LostReason = 'timeout', change: ExchangeChange = {}): Exchange {
  return { ...attempt([sent, done], carried), ...change, outcome: { kind: 'lost', reason } };
}

/** An exchange of user 0 that could not be sent. */
export function refused(at: number, carried: string | null, change: ExchangeChange = {}): Exchange {
  return { ...attempt([at, at], carried), ...change, outcome: { kind: 'refused', reason: 'connection-refused' } };
}

function attempt([sent, done]: Span, session: string | null): Omit<Exchange, 'outcome'> {
  return {
    kind: 'exchange',
    user: 0,
    seq: 0,
    due: seconds(sent),
    asked: seconds(sent),
    sent: seconds(sent),
    done: seconds(done),
    phase: 'steady',
    egress: '127.0.1.1',
    method: 'GET',
    name: 'GET /visit',
    op: 'read',
    key: 'counter',
    session,
  };
}

/** The events of one fault on `target`, from `began` to `ended`; without an end it holds on. */
export function fault(
  target: string,
  began: number,
  ended: number | null = null,
  index = 0,
  action: FaultKind = 'kill',
): readonly FaultEvent[] {
  const event = (at: number, stage: FaultEvent['stage']): FaultEvent => ({
    kind: 'fault',
    at: seconds(at),
    fault: index,
    action,
    target,
    stage,
    detail: `${action} ${target}`,
  });
  return ended === null ? [event(began, 'began')] : [event(began, 'began'), event(ended, 'ending'), event(ended, 'ended')];
}

/** The marks of one phase. */
export function phase(name: string, began: number, ended: number, warmup = false): readonly PhaseMark[] {
  return [
    { kind: 'phase', at: seconds(began), name, warmup, stage: 'began' },
    { kind: 'phase', at: seconds(ended), name, warmup, stage: 'ended' },
  ];
}
