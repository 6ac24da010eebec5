// nginx's smooth weighted round robin, with backups (src/http/ngx_http_upstream_round_robin.c).

import { isUnusable, newPeer, noteFailure, noteSelection, noteSuccess, type Peer } from './peer.ts';
import type { Choice, Router, Server } from './server.ts';

/** The servers of a group that stand for each other: its primaries, or its backups. */
export interface PeerSet {
  readonly peers: readonly Peer[];
  /** The group has this one server and no backup: then failures do not count and nothing is retried (:1038-1054). */
  readonly single: boolean;
}

export function peerSet(servers: readonly Server[], backups: readonly Server[] = []): PeerSet {
  return { peers: servers.map(newPeer), single: servers.length === 1 && backups.length === 0 };
}

/** Turns among `servers`; among `backups` once none of these can be used. */
export function roundRobin(group: string, servers: readonly Server[], backups: readonly Server[] = []): Router {
  const primary = peerSet(servers, backups);
  const backup = peerSet(backups, servers);
  return () => roundRobinChoice(group, primary, backup);
}

/** The way of one request. What it tried it does not try again; once it came to the backups it stays with them. */
function roundRobinChoice(group: string, primary: PeerSet, backup: PeerSet): Choice {
  let tries = triesOf(primary) + triesOf(backup);
  let set = primary;
  let tried = new Set<Peer>();
  let current: Peer | null = null;
  return {
    group,
    get tries() {
      return tries;
    },
    pick(now) {
      current = turn(set, tried, now);
      if (current === null && set === primary && backup.peers.length > 0) {
        set = backup;
        tried = new Set();
        current = turn(set, tried, now);
      }
      return current?.server ?? null;
    },
    release(failed, now) {
      tries = release(set, current, failed, now, tries);
    },
  };
}

/** Servers that are not `down` may each be tried once (:14, :156-160). */
export function triesOf(set: PeerSet): number {
  return set.peers.filter((peer) => !peer.server.down).length;
}

/** Picks and marks the peer whose turn it is, or null. A single server is picked whatever it did before. */
export function turn(set: PeerSet, tried: Set<Peer>, now: number): Peer | null {
  const [first] = set.peers;
  if (set.single && first !== undefined) return first.server.down ? null : first;
  const best = heaviest(set.peers, tried, now);
  if (best === null) return null;
  tried.add(best);
  noteSelection(best, now);
  return best;
}

/** Keeps the books on an attempt that is over. Returns the tries left. */
export function release(set: PeerSet, peer: Peer | null, failed: boolean, now: number, tries: number): number {
  if (set.single) return 0;
  if (peer !== null) {
    if (failed) noteFailure(peer, now);
    else noteSuccess(peer);
  }
  return Math.max(0, tries - 1);
}

/** Each usable peer gains its weight, the heaviest pays the sum: turns are spread evenly (:880-931). */
function heaviest(peers: readonly Peer[], tried: ReadonlySet<Peer>, now: number): Peer | null {
  let best: Peer | null = null;
  let total = 0;
  for (const peer of peers) {
    if (tried.has(peer) || isUnusable(peer, now)) continue;
    peer.currentWeight += peer.effectiveWeight;
    total += peer.effectiveWeight;
    if (peer.effectiveWeight < peer.server.weight) peer.effectiveWeight += 1;
    if (best === null || peer.currentWeight > best.currentWeight) best = peer;
  }
  if (best !== null) best.currentWeight -= total;
  return best;
}
