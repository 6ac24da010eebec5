// jvm_route as nginx_upstream_jvm_route does it, with `jvm_route $cookie_JSESSIONID|sessionid reverse;` (commit c4c92e7).

import type { Choice, RoutedRequest, Router, Server } from './server.ts';

/** Name under which a session id is looked for in the query when there is no cookie. */
const URL_NAME = 'sessionid';

interface RoutePeer {
  readonly server: Server;
  /** Turns left before the next refill. */
  currentWeight: number;
  fails: number;
  accessed: number;
}

/** What all requests of a group share: the servers in the module's order, and where the ring stands. */
interface Ring {
  readonly peers: readonly RoutePeer[];
  current: number;
}

/** Servers chosen by the end of the session id; the server's name is its `srun_id`. */
export function jvmRouteModule(group: string, servers: readonly Server[]): Router {
  const peers = [...servers]
    .map((server) => ({ server, currentWeight: weightOf(server), fails: 0, accessed: 0 }))
    // ngx_http_upstream_cmp_servers: the heaviest first, equals in the order of the configuration.
    .sort((a, b) => weightOf(b.server) - weightOf(a.server));
  const ring: Ring = { peers, current: peers.length - 1 };
  return (request) => choice(group, ring, sessionOf(request));
}

/** The cookie; only without one, `?sessionid=` or `&sessionid=` in any case of letters. `;jsessionid=` is not looked at (:637-690). */
export function sessionOf({ cookie, uri }: Pick<RoutedRequest, 'cookie' | 'uri'>): string {
  if (cookie !== '') return cookie;
  const lower = uri.toLowerCase();
  const question = lower.indexOf(`?${URL_NAME}=`);
  const at = question >= 0 ? question : lower.indexOf(`&${URL_NAME}=`);
  return at < 0 ? '' : (/^[^?&;]*/.exec(uri.slice(at + URL_NAME.length + 2))?.[0] ?? '');
}

/** Compares from the ends until either text is used up: a plain suffix, no dot needed, and either may be the longer one (:235-249). */
export function endsAlike(session: string, route: string): boolean {
  if (session === '' || route === '') return false;
  return session.endsWith(route) || route.endsWith(session);
}

/** A server that is `down` has no weight (:369). */
function weightOf(server: Server): number {
  return server.down ? 0 : server.weight;
}

function choice(group: string, ring: Ring, session: string): Choice {
  const { peers } = ring;
  const tried = new Set<RoutePeer>();
  let tries = peers.length;
  let position = ring.current;
  let current: RoutePeer | null = null;
  return {
    group,
    get tries() {
      return tries;
    },
    pick(now) {
      position = (position + 1) % peers.length;
      const index = choose(ring, position, session, tried, now);
      tries -= 1;
      current = index === null ? null : (peers[index] ?? null);
      if (index === null || current === null) {
        flush(peers);
        return null;
      }
      tried.add(current);
      // Sticky picks use up turns as well (:899-902).
      current.currentWeight = Math.max(0, current.currentWeight - 1);
      position = index;
      ring.current = index;
      return current.server;
    },
    release(failed, now) {
      if (peers.length === 1) tries = 0;
      if (failed && current !== null) noteFailure(current, now);
    },
  };
}

/** Index of the peer to try: the only one without asking, else the one the session names, else the next in turn (:865-897). */
function choose(ring: Ring, from: number, session: string, tried: ReadonlySet<RoutePeer>, now: number): number | null {
  const { peers } = ring;
  if (peers.length === 1) return 0;
  const order = peers.map((_, step) => (from + step) % peers.length);
  const usable = (index: number) => isUsable(peers[index], tried, now);
  const named = order.find((index) => endsAlike(session, peers[index]?.server.name ?? '') && usable(index));
  return named ?? inTurn(peers, order, usable);
}

/** The first usable peer with turns left; when there is none, all get new turns and are asked once more (:831-862). */
function inTurn(peers: readonly RoutePeer[], order: readonly number[], usable: (index: number) => boolean): number | null {
  const withTurns = () => order.find((index) => (peers[index]?.currentWeight ?? 0) > 0 && usable(index));
  const found = withTurns();
  if (found !== undefined) return found;
  for (const peer of peers) peer.currentWeight = weightOf(peer.server);
  return withTurns() ?? null;
}

/** When fail_timeout is over all is forgotten at once, and full traffic returns instead of one probe (:784-792). */
function isUsable(peer: RoutePeer | undefined, tried: ReadonlySet<RoutePeer>, now: number): boolean {
  if (peer === undefined || tried.has(peer) || peer.server.down) return false;
  if (peer.server.maxFails === 0 || peer.fails < peer.server.maxFails) return true;
  if (now - peer.accessed <= peer.server.failTimeout) return false;
  peer.fails = 0;
  return true;
}

/** Failures add up for ever: no success takes one back (:1036-1048). */
function noteFailure(peer: RoutePeer, now: number): void {
  const { weight, maxFails } = peer.server;
  peer.fails += 1;
  peer.accessed = now;
  if (maxFails > 0) peer.currentWeight = Math.max(0, peer.currentWeight - Math.floor(weight / maxFails));
}

/** When no server can be used the module forgives all of them, too late for this request (:963-975). */
function flush(peers: readonly RoutePeer[]): void {
  for (const peer of peers) peer.fails = 0;
}
