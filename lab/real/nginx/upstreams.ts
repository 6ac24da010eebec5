// The part of nginx's configuration that is the strategy: where a request goes.

import { assertNever } from '../../../model/never.ts';
import { SECOND } from '../../../model/units.ts';
import type { LabPlan, PlannedBackend } from '../../../model/workload.ts';

/** A backend and where it listens, `127.0.0.1:8081`. */
export interface PlacedBackend extends PlannedBackend {
  readonly address: string;
}

export type RoutingPlan = Pick<LabPlan, 'strategy' | 'maxFails' | 'failTimeout'>;

export interface Routing {
  /** Blocks for the http context. */
  readonly blocks: string;
  /** What proxy_pass names behind `http://`. */
  readonly destination: string;
}

/**
 * Upstream groups, and for jvm_route the maps that choose among them. Failures count in shared memory (`zone`), so that their
 * count does not depend on the number of workers. `jvmRoute`: this nginx has the module nginx_upstream_jvm_route.
 */
export function routing(plan: RoutingPlan, backends: readonly PlacedBackend[], jvmRoute: boolean): Routing {
  switch (plan.strategy) {
    case 'round_robin':
    case 'redis_session':
      return oneGroup(plan, backends, []);
    case 'ip_hash':
      return oneGroup(plan, backends, ['ip_hash;']);
    case 'jvm_route':
    case 'jvm_route_redis':
      return jvmRoute ? byModule(plan, backends) : byMaps(plan, backends);
    default:
      return assertNever(plan.strategy);
  }
}

const GROUP = 'backends';
/** One page of bookkeeping for each server, and never less than nginx's smallest zone, eight pages of 4 KiB (ngx_http_upstream_zone_module.c). */
const ZONE_KIB_PER_SERVER = 4;
const SMALLEST_ZONE_KIB = 64;

function oneGroup(plan: RoutingPlan, backends: readonly PlacedBackend[], method: readonly string[]): Routing {
  const servers = backends.map((backend) => server(plan, backend));
  return { blocks: upstream(GROUP, [zone(GROUP, backends), ...method, ...servers]), destination: GROUP };
}

/**
 * The module keeps its own shared memory, so no zone. It must come last: before the server lines it would refuse `weight`
 * (ngx_http_upstream_jvm_route_module.c:1212-1216).
 */
function byModule(plan: RoutingPlan, backends: readonly PlacedBackend[]): Routing {
  const servers = backends.map((backend) => server(plan, backend, `srun_id=${backend.name}`));
  return { blocks: upstream(GROUP, [...servers, 'jvm_route $cookie_JSESSIONID|sessionid reverse;']), destination: GROUP };
}

/**
 * The same with any nginx: the route is what follows the last dot of the session id; each route has a group in which its backend
 * is the only primary and all others are backups; requests without a known route go round robin in the group `any`.
 * Each group learns by itself that a backend is dead.
 */
function byMaps(plan: RoutingPlan, backends: readonly PlacedBackend[]): Routing {
  const homes = backends.map((home, index) => {
    const others = backends.filter((other) => other !== home).map((other) => server(plan, other, 'backup'));
    return upstream(`t${index + 1}`, [zone(`t${index + 1}`, backends), server(plan, home), ...others]);
  });
  const any = upstream('any', [zone('any', backends), ...backends.map((backend) => server(plan, backend))]);
  return { blocks: [routeMaps(backends), any, ...homes].join('\n'), destination: '$pool' };
}

/** The cookie comes first, as in Tomcat. Routes are compared by pattern, since plain map keys ignore the case of letters. */
function routeMaps(backends: readonly PlacedBackend[]): string {
  const pools = backends.map((backend, index) => `    ~^${backend.name}$ t${index + 1};\n`);
  return String.raw`map $cookie_jsessionid $route_cookie {
    default "";
    "~\.(?<rc>[A-Za-z0-9_-]+)$" $rc;
}
map $request_uri $route_uri {
    default "";
    "~*;jsessionid=[^;?/]*\.(?<ru>[A-Za-z0-9_-]+)" $ru;
}
map $route_cookie $route {
    default $route_cookie;
    "" $route_uri;
}
map $route $pool {
    default any;
${pools.join('')}}
`;
}

function upstream(name: string, lines: readonly string[]): string {
  return `upstream ${name} {\n${lines.map((line) => `    ${line}\n`).join('')}}\n`;
}

function zone(name: string, backends: readonly PlacedBackend[]): string {
  return `zone ${name} ${Math.max(SMALLEST_ZONE_KIB, backends.length * ZONE_KIB_PER_SERVER)}k;`;
}

/** nginx counts fail_timeout in whole seconds. */
function server(plan: RoutingPlan, backend: PlacedBackend, ...extra: readonly string[]): string {
  const words = [
    `server ${backend.address}`,
    `weight=${backend.weight}`,
    `max_fails=${plan.maxFails}`,
    `fail_timeout=${Math.ceil(plan.failTimeout / SECOND)}s`,
    ...(backend.down ? ['down'] : []),
    ...extra,
  ];
  return `${words.join(' ')};`;
}
