// nginx's ip_hash (src/http/modules/ngx_http_upstream_ip_hash_module.c).

import { octetsOf } from './address.ts';
import { isUnusable, noteSelection, type Peer } from './peer.ts';
import { type PeerSet, peerSet, release, triesOf, turn } from './round-robin.ts';
import type { Choice, Router, Server } from './server.ts';

const SEED = 89;
const MULTIPLIER = 113;
const MODULUS = 6271;
/** Rehashes that lead to a server that cannot be used, after which the request goes round robin. */
const MAX_SKIPS = 20;

/** Servers chosen by the client's address. Backups are not allowed with ip_hash. */
export function ipHash(group: string, servers: readonly Server[]): Router {
  const set = peerSet(servers);
  return ({ address }) => ipHashChoice(group, set, hashKey(address));
}

/** What is hashed: the first three octets of an IPv4, all sixteen of an IPv6, three zeros for anything else (:119-138). */
export function hashKey(address: string): readonly number[] {
  const octets = octetsOf(address);
  if (octets.length === 4) return octets.slice(0, 3);
  return octets.length === 16 ? octets : [0, 0, 0];
}

/** One round of hashing (:199-201). The first begins with 89, each further one with the last hash. */
export function rehash(key: readonly number[], hash: number = SEED): number {
  return key.reduce((before, octet) => (before * MULTIPLIER + octet) % MODULUS, hash);
}

function ipHashChoice(group: string, set: PeerSet, key: readonly number[]): Choice {
  const tried = new Set<Peer>();
  let tries = triesOf(set);
  let skips = 0;
  let hash = SEED;
  let current: Peer | null = null;

  /** The first usable server that hashing leads to; null after too many that were not. A hash that led nowhere is forgotten. */
  const hashed = (now: number): Peer | null => {
    for (let next = rehash(key, hash); ; next = rehash(key, next)) {
      const peer = peerAt(set, next);
      if (peer !== null && !tried.has(peer) && !isUnusable(peer, now)) {
        hash = next;
        return peer;
      }
      skips += 1;
      if (skips > MAX_SKIPS) return null;
    }
  };

  return {
    group,
    get tries() {
      return tries;
    },
    pick(now) {
      current = skips > MAX_SKIPS || set.single ? null : hashed(now);
      if (current === null) {
        current = turn(set, tried, now);
      } else {
        noteSelection(current, now);
        tried.add(current);
      }
      return current?.server ?? null;
    },
    release(failed, now) {
      tries = release(set, current, failed, now, tries);
    },
  };
}

/** Walks the servers in the order of the configuration, `down` ones included, each as wide as its weight (:203-211). */
function peerAt(set: PeerSet, hash: number): Peer | null {
  const total = set.peers.reduce((sum, peer) => sum + peer.server.weight, 0);
  let left = hash % total;
  for (const peer of set.peers) {
    if (left < peer.server.weight) return peer;
    left -= peer.server.weight;
  }
  return null;
}
