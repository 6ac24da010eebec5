// Turns session ids and nonces into keyed hashes, so that nobody can take over a session with what a record holds.

import { createHmac } from 'node:crypto';
import type { SessionTag } from '../../model/session.ts';

export interface Disguise {
  /** Tag of a session id: see model/session.ts. About 5 µs; callers keep the tag of an id they see again. */
  session(id: string): SessionTag;
  /** Hash of the nonce that the cooperative page tells of a session's owner, 12 hex digits. */
  owner(nonce: string): string;
}

/**
 * HMAC-SHA256 with the run's key: 16 hex digits (64 bits) for the core of an id. What follows its first dot stays in clear when
 * `isRoute` says that it names a backend; otherwise it may be part of a secret (a signature) and becomes 8 hex digits.
 */
export function createDisguise(key: Uint8Array, isRoute: (rest: string) => boolean): Disguise {
  const hash = (domain: string, text: string, digits: number): string =>
    createHmac('sha256', key).update(domain).update('\0').update(text).digest('hex').slice(0, digits);
  return {
    session(id) {
      const dot = id.indexOf('.');
      if (dot < 0) return hash('core', id, 16);
      const rest = id.slice(dot + 1);
      return `${hash('core', id.slice(0, dot), 16)}.${isRoute(rest) ? rest : hash('rest', rest, 8)}`;
    },
    owner: (nonce) => hash('owner', nonce, 12),
  };
}
