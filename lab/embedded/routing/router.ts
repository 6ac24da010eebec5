// The way of routing that a strategy means.

import { assertNever } from '../../../model/never.ts';
import type { Strategy } from '../../../model/strategy.ts';
import { ipHash } from './ip-hash.ts';
import { jvmRouteModule } from './jvm-route-module.ts';
import { roundRobin } from './round-robin.ts';
import { routeMap } from './route-map.ts';
import type { Router, Server } from './server.ts';

/**
 * How jvm_route is done: by maps and groups with backups, which is what stock nginx can do and what the embedded lab always does, so
 * that it behaves alike on every machine; or as the module nginx_upstream_jvm_route does it. That way is the tested reference of what the
 * real lab gives on an nginx built with the module: how its routing differs from the maps is written down there, and nowhere in nginx.
 */
export type JvmRouteBy = 'map' | 'module';

const GROUP = 'backends';

export function routerFor(strategy: Strategy, servers: readonly Server[], jvmRouteBy: JvmRouteBy): Router {
  switch (strategy) {
    case 'round_robin':
    case 'redis_session':
      return roundRobin(GROUP, servers);
    case 'ip_hash':
      return ipHash(GROUP, servers);
    case 'jvm_route':
    case 'jvm_route_redis':
      return jvmRouteBy === 'map' ? routeMap(servers) : jvmRouteModule(GROUP, servers);
    default:
      return assertNever(strategy);
  }
}
