// Sessions in the memory of one backend: gone when it ends, whichever way (Tomcat 10 writes no SESSIONS.ser).

import type { Attributes, RequestSessions, Session, SessionManager } from './sessions.ts';

export interface MemoryOptions {
  /** Idle time after which a session expires, milliseconds; 0 or less: never. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
}

export interface Memory {
  readonly manager: SessionManager;
  /** Forgets the expired, as Tomcat's background thread does. */
  purge(): void;
}

interface Held extends Session {
  id: string;
  readonly attributes: Attributes;
  /** When a request last took it or gave it back, by `clock`. */
  last: number;
}

/** All requests of a session share one object, so an increment is never lost here. */
export function memorySessions(options: MemoryOptions): Memory {
  const held = new Map<string, Held>();
  return {
    manager: () => requestSessions(held, options),
    purge() {
      for (const session of held.values()) if (isExpired(session, options)) held.delete(session.id);
    },
  };
}

function requestSessions(held: Map<string, Held>, options: MemoryOptions): RequestSessions {
  let mine: Held | null = null;
  const take = (session: Held): Session => {
    session.last = options.clock();
    mine = session;
    return session;
  };
  const find = (id: string): Held | null => {
    const found = held.get(id);
    if (found === undefined || !isExpired(found, options)) return found ?? null;
    held.delete(id);
    return null;
  };
  return {
    async find(ids) {
      const found = ids.map(find).find((session) => session !== null);
      return found === undefined ? null : take(found);
    },
    create() {
      const session: Held = { id: options.newId(), attributes: {}, last: 0 };
      held.set(session.id, session);
      return take(session);
    },
    rotate(session) {
      const known = held.get(session.id);
      // Somebody else ended or rotated it in the middle of this request.
      if (known === undefined) return;
      held.delete(known.id);
      known.id = options.newId();
      held.set(known.id, known);
    },
    async invalidate(session) {
      held.delete(session.id);
    },
    async end() {
      if (mine !== null) mine.last = options.clock();
    },
  };
}

/** StandardSession.isValid: idle for the timeout or longer. */
function isExpired(session: Held, { timeout, clock }: MemoryOptions): boolean {
  return timeout > 0 && clock() - session.last >= timeout;
}
