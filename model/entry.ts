// The one noun: everything a run sees is an Entry on one timeline with one clock.

import type { SessionTag } from './session.ts';
import type { Micros } from './units.ts';

export type Entry = Exchange | FaultEvent | PhaseMark | Pulse;

/** What a request means for the session. `write` increments the counter of its key; `other` says nothing about it. */
export type Op = 'read' | 'write' | 'create' | 'rotate' | 'logout' | 'other';

/** One request attempt of one user. Redirects and retries are exchanges of their own. */
export interface Exchange {
  readonly kind: 'exchange';
  /** One cookie jar. Numbered from 0. */
  readonly user: number;
  /** The user's own count of attempts, from 0, in the order they were sent. */
  readonly seq: number;
  /** When the schedule wanted it sent. */
  readonly due: Micros;
  /** When the generator took it up and asked for a connection. Later than `due` and the user's previous answer: the generator's own lateness. */
  readonly asked: Micros;
  /** First byte handed to the socket; for a refused exchange, when the connection was asked for. */
  readonly sent: Micros;
  /** Last byte of the answer read, or the failure seen. */
  readonly done: Micros;
  /** Name of the phase in which it was due. */
  readonly phase: string;
  /** Source address the balancer saw, as text. */
  readonly egress: string;
  readonly method: string;
  /** Name of the request in the flow: `GET /cart` unless the workload gives another. */
  readonly name: string;
  readonly op: Op;
  /** Which counter of the session this request reads or writes. */
  readonly key: string;
  /** The session id it carried, null when it carried none. */
  readonly session: SessionTag | null;
  readonly outcome: Outcome;
}

/** Three kinds, as in Jepsen: acknowledged, surely not executed, perhaps executed. */
export type Outcome = Answered | Refused | Lost;

/** A whole answer arrived. Null means that the answer did not say. */
export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** All expectations of the workload hold; without any, status is below 400. */
  readonly met: boolean;
  /** Name of the backend that answered. */
  readonly backend: string | null;
  /** Backends tried for this request, in order, the last one answered. Empty when not told. */
  readonly path: readonly string[];
  /** Session id that the answer set. */
  readonly set: SessionTag | null;
  /** The answer deleted the session cookie. */
  readonly deleted: boolean;
  /** Session id in effect on the server after this request (Sticky-Session). */
  readonly effective: SessionTag | null;
  /** This request created the session (Sticky-New). */
  readonly created: boolean | null;
  /** Keyed hash of the nonce stored in the session at its creation (Sticky-Owner). */
  readonly owner: string | null;
  /** The counter of `key` after this request (Sticky-Counter). */
  readonly counter: number | null;
}

/** No byte of the request was sent: surely not executed. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusedReason;
}

/** The request was sent, no whole answer came: perhaps executed. */
export interface Lost {
  readonly kind: 'lost';
  readonly reason: LostReason;
}

export type RefusedReason = 'connection-refused' | 'connect-timeout' | 'unreachable' | 'no-address' | 'no-port' | 'tls' | 'interrupted';

/**
 * `closed`: end of stream on a new connection before any byte of the answer; `reset` likewise by RST. `dropped`: either of them on a connection that
 * had carried an answer before. It may have been closed for its idleness just as the request went out (RFC 9112 9.5); a browser then sends the
 * request again (Chromium, HttpNetworkTransaction::ShouldResendRequest). `cut`: the end came after some bytes of the answer. `malformed`,
 * `oversized`: not an answer we read on.
 */
export type LostReason = 'timeout' | 'reset' | 'closed' | 'dropped' | 'cut' | 'malformed' | 'oversized' | 'interrupted';

/** A step in the life of one injected fault. The fault holds from `began` to `ended`; recovery was asked for at `ending`. */
export interface FaultEvent {
  readonly kind: 'fault';
  readonly at: Micros;
  /** Index of the fault in the workload. */
  readonly fault: number;
  readonly action: FaultKind;
  /** Backend name, `store`, `balancer`, or empty for `exec` and `http` faults that name no target. */
  readonly target: string;
  readonly stage: 'began' | 'ending' | 'ended' | 'failed';
  /** At `began` what is about to be done, at `ending` what was done, exactly (`SIGKILL pid 4242`), at `ended` how it was healed, at `failed` why. */
  readonly detail: string;
}

export type FaultKind = 'kill' | 'stop' | 'pause' | 'restart' | 'exec' | 'http';

/** A phase of the schedule starts or ends. */
export interface PhaseMark {
  readonly kind: 'phase';
  readonly at: Micros;
  readonly name: string;
  readonly warmup: boolean;
  readonly stage: 'began' | 'ended';
}

/** The generator's own heartbeat, about once a second. */
export interface Pulse {
  readonly kind: 'pulse';
  readonly at: Micros;
  /** Which of the run's workers it is of, from 0. The numbers below are that worker's own. */
  readonly worker: number;
  /** Users alive now. */
  readonly users: number;
  readonly inFlight: number;
  /** Requests that were due and could not be started, since run start. */
  readonly unstarted: number;
  /** Share of the time since the last pulse in which the event loop was busy, 0 to 1. */
  readonly utilisation: number;
}

/** Latency as the user felt it: from the moment the schedule wanted the request. */
export function felt(exchange: Exchange): Micros {
  return exchange.done - exchange.due;
}

/** Latency as the server gave it: from the moment the request was sent. */
export function served(exchange: Exchange): Micros {
  return exchange.done - exchange.sent;
}

/**
 * st(r), as in Jepsen. `ok`: acknowledged as the workload expects. `failed`: certainly not executed (refused, or an unexpected 4xx).
 * `unknown`: perhaps executed (lost, an unexpected 5xx, or any other unmet expectation).
 */
export type Standing = 'ok' | 'failed' | 'unknown';

export function standing(outcome: Outcome): Standing {
  if (outcome.kind === 'refused') return 'failed';
  if (outcome.kind === 'lost') return 'unknown';
  if (outcome.met) return 'ok';
  return outcome.status >= 400 && outcome.status < 500 ? 'failed' : 'unknown';
}

/** When an entry takes its place on the timeline: an exchange when it is done, a mark when it happens. */
export function instant(entry: Entry): Micros {
  return entry.kind === 'exchange' ? entry.done : entry.at;
}
