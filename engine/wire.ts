// The seam between users and sockets: what one side hands the other for each request.

import type { LostReason, RefusedReason } from '../model/entry.ts';
import type { Micros } from '../model/units.ts';

/** The run's clock: whole microseconds since run start, never going back. */
export type Clock = () => Micros;

/** A lane that belongs to nobody: its connections serve every user behind the exit. */
export const SHARED_LANE = -1;

/**
 * One request on its way. The users' side implements it, the sockets' side calls `sent` at most once and then exactly one of
 * `answered`, `refused` and `lost`, once.
 */
export interface Job {
  /** Source address. Connections are pooled by exit and lane. */
  readonly exit: string;
  /** `SHARED_LANE`, or the user who alone may use the connection. */
  readonly lane: number;
  readonly method: string;
  /** The whole request as it goes on the wire, one character a byte (latin1). */
  readonly text: string;
  /** The body is read for a capture or an expectation; otherwise it is only counted. */
  readonly wantsBody: boolean;
  /** The first byte was handed to the socket. */
  sent(at: Micros): void;
  answered(answer: Answer, at: Micros): void;
  refused(reason: RefusedReason, at: Micros): void;
  lost(reason: LostReason, at: Micros): void;
}

/**
 * A whole answer. The object and the bytes behind it are reused: it is valid during the call of `answered` and not after.
 * Watched headers are named once, when the transport is made, and asked for by their place in that list.
 */
export interface Answer {
  readonly status: number;
  /** Text of the n-th watched header, the first where it is repeated; null when absent. Decodes latin1 on each call. */
  header(watched: number): string | null;
  /** Whether the n-th watched header is present with exactly this text. Allocates nothing. */
  headerIs(watched: number, text: string): boolean;
  /** Every Set-Cookie header, in order. An empty list, shared, when there is none. */
  readonly setCookies: readonly string[];
  /** The connection takes no request after this answer: the next one goes out on another. */
  readonly closes: boolean;
  /** The body as UTF-8 text when the job wanted it, else an empty text. */
  body(): string;
}

/** Sends jobs over pooled keep-alive connections. */
export interface Transport {
  send(job: Job): void;
  /** The user of this lane has left: his idle connections are closed. None of his jobs may be in flight. */
  release(lane: number): void;
  /** Connections open now. */
  readonly open: number;
  /** Closes every connection; jobs still in flight end as lost or refused with reason `interrupted`. */
  close(): void;
}
