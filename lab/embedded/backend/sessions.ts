// What the pages need of a session manager, wherever it keeps the sessions.

import { randomBytes } from 'node:crypto';

/** What a session holds. */
export type Attributes = Record<string, string | number>;

export interface Session {
  /** Changes when the session is rotated. */
  readonly id: string;
  readonly attributes: Attributes;
}

/** The sessions as one request sees them. Everything rejects with an error when the store cannot be reached. */
export interface RequestSessions {
  /** The session of the first id that is known; null when none is. `ids` in the order of the cookies. */
  find(ids: readonly string[]): Promise<Session | null>;
  create(): Session;
  /** Gives the session a new id. The old one ends with this request at the latest. */
  rotate(session: Session): void;
  invalidate(session: Session): Promise<void>;
  /** The request is over, but its answer not yet sent: saves what it changed and renews the life of what it touched. */
  end(): Promise<void>;
}

/** Begins a request. */
export type SessionManager = () => RequestSessions;

/** 32 upper-case hex digits and the route: which is part of the id, so `X.tomcat01` and `X.tomcat02` are different sessions (StandardSessionIdGenerator). */
export function newSessionId(route: string): string {
  return `${randomBytes(16).toString('hex').toUpperCase()}.${route}`;
}
