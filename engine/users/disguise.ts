// Turns session ids and nonces into keyed hashes, so that nobody can take over a session with what a record holds.

import { hash } from 'node:crypto';
import type { SessionTag } from '../../model/session.ts';
import { flat } from '../flat.ts';

export interface Disguise {
  /** Tag of a session id: see model/session.ts. About 1 µs; callers keep the tag of an id they see again. */
  session(id: string): SessionTag;
  /** Hash of the nonce that the cooperative page tells of a session's owner, 12 hex digits. */
  owner(nonce: string): string;
}

/**
 * SHA-256 of the run's key, what the text is, and the text: 16 hex digits (64 bits) for the core of an id. What follows its first dot stays in
 * clear when `isRoute` says that it names a backend; otherwise it may be part of a secret (a signature) and becomes 8 hex digits.
 *
 * A hash that begins with the key and is cut short is a keyed one: what is left of it is too little to go on hashing from (Bellare, Bernstein
 * and Tessaro 2016, "AMAC"). HMAC hashes twice and, as Node has it, takes four times as long.
 */
export function createDisguise(key: Uint8Array, isRoute: (rest: string) => boolean): Disguise {
  const prefix = Buffer.from(key).toString('hex');
  const disguised = (domain: string, text: string, digits: number): string =>
    hash('sha256', `${prefix}${domain}\0${text}`).slice(0, digits);
  return {
    session(id) {
      const dot = id.indexOf('.');
      if (dot < 0) return flat(disguised('core', id, 16));
      const rest = id.slice(dot + 1);
      return flat(`${disguised('core', id.slice(0, dot), 16)}.${isRoute(rest) ? rest : disguised('rest', rest, 8)}`);
    },
    owner: (nonce) => disguised('owner', nonce, 12),
  };
}
