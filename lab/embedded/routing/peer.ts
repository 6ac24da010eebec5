// What a group of nginx learns about one of its servers: failures, and its turn in the round robin.

import type { Server } from './server.ts';

/** State of one server in one group (`ngx_http_upstream_rr_peer_t`). Times are whole seconds. */
export interface Peer {
  readonly server: Server;
  fails: number;
  /** Last failure. */
  accessed: number;
  /** Last failure, or the last probe after it. */
  checked: number;
  effectiveWeight: number;
  currentWeight: number;
}

export function newPeer(server: Server): Peer {
  return { server, fails: 0, accessed: 0, checked: 0, effectiveWeight: server.weight, currentWeight: 0 };
}

/** Down, or failed too often and too recently. With whole seconds and `<=`, ten seconds end in the eleventh (round_robin.c:924-926). */
export function isUnusable({ server, fails, checked }: Peer, now: number): boolean {
  if (server.down) return true;
  return server.maxFails > 0 && fails >= server.maxFails && now - checked <= server.failTimeout;
}

/** The peer was picked. After fail_timeout this makes the request a probe: until it is over, everybody else still skips the peer. */
export function noteSelection(peer: Peer, now: number): void {
  if (now - peer.checked > peer.server.failTimeout) peer.checked = now;
}

/** A failure also lowers the weight, which recovers by one with each turn (round_robin.c:1056-1077). */
export function noteFailure(peer: Peer, now: number): void {
  const { weight, maxFails } = peer.server;
  peer.fails += 1;
  peer.accessed = now;
  peer.checked = now;
  if (maxFails > 0) peer.effectiveWeight = Math.max(0, peer.effectiveWeight - Math.floor(weight / maxFails));
}

/** One success clears all failures, but only that of a request that was picked after the last of them (round_robin.c:1080-1087). */
export function noteSuccess(peer: Peer): void {
  if (peer.accessed < peer.checked) peer.fails = 0;
}
