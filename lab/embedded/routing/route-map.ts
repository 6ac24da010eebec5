// jvm_route with stock nginx: maps find the route in the session id, and each route has a group whose only primary is its backend.

import { roundRobin } from './round-robin.ts';
import type { RoutedRequest, Router, Server } from './server.ts';

/** Group of the requests without a known route. */
const ANY = 'any';

/**
 * Requests with the route of a server go to that server, to the others only while it cannot be used; requests without one take turns.
 * Groups are named `any`, `t1`, `t2` … and each learns by itself that a server is dead.
 */
export function routeMap(servers: readonly Server[]): Router {
  const any = roundRobin(ANY, servers);
  const homes = new Map(
    servers.map((home, index) => [
      home.name,
      roundRobin(
        `t${index + 1}`,
        [home],
        servers.filter((other) => other !== home),
      ),
    ]),
  );
  return (request) => (homes.get(routeOf(request)) ?? any)(request);
}

/** What follows the last dot of the session id: in the cookie, else in the path parameter `;jsessionid=`. Empty when there is none. */
export function routeOf({ cookie, uri }: Pick<RoutedRequest, 'cookie' | 'uri'>): string {
  const inCookie = /\.([A-Za-z0-9_-]+)$/.exec(cookie)?.[1];
  return inCookie ?? /;jsessionid=[^;?/]*\.([A-Za-z0-9_-]+)/i.exec(uri)?.[1] ?? '';
}
