// Sessions in the store that all backends share. Every request works on a copy of its own; the last write wins, for the session as a whole.

import type { AskStore } from '../store/client.ts';
import type { Attributes, RequestSessions, Session, SessionManager } from './sessions.ts';

export interface SharedOptions {
  readonly ask: AskStore;
  /** Idle time after which the store forgets a session, milliseconds; 0 or less: never. */
  readonly timeout: number;
  readonly newId: () => string;
}

interface Copy extends Session {
  id: string;
  readonly attributes: Attributes;
  /** The id under which the store holds it, and what it holds; null before the first save. */
  readonly stored: { readonly id: string; readonly content: string } | null;
}

/**
 * The id stays as it is when another backend loads the session, route and all. A session is saved at the end of the request if it
 * changed, else only its life is renewed. An existing session is saved only where the store still has it: a slow request cannot bring
 * back what a logout ended.
 */
export function sharedSessions(options: SharedOptions): SessionManager {
  return () => requestSessions(options);
}

function requestSessions(options: SharedOptions): RequestSessions {
  let mine: Copy | null = null;
  return {
    async find(ids) {
      for (const id of ids) {
        const content = await options.ask(['get', id]);
        if (typeof content !== 'string') continue;
        mine = { id, attributes: JSON.parse(content) as Attributes, stored: { id, content } };
        return mine;
      }
      return null;
    },
    create() {
      mine = { id: options.newId(), attributes: {}, stored: null };
      return mine;
    },
    rotate() {
      if (mine !== null) mine.id = options.newId();
    },
    async invalidate() {
      const stored = mine?.stored ?? null;
      mine = null;
      if (stored !== null) await options.ask(['remove', stored.id]);
    },
    async end() {
      if (mine !== null) await save(mine, options);
    },
  };
}

async function save({ id, attributes, stored }: Copy, { ask, timeout }: SharedOptions): Promise<void> {
  const content = JSON.stringify(attributes);
  if (stored === null) {
    if (!(await ask(['insert', id, content, timeout]))) throw new Error('the store already holds a session of this new id');
  } else if (content === stored.content && id === stored.id) {
    await ask(['touch', id, timeout]);
  } else {
    if (!(await ask(['update', stored.id, content, timeout]))) throw new Error('the session ended while this request was changing it');
    if (id !== stored.id) await ask(['rename', stored.id, id]);
  }
}
