// The session strategies a lab can build, and what each is known to do.

export type Strategy = 'round_robin' | 'ip_hash' | 'jvm_route' | 'redis_session' | 'jvm_route_redis';

/** Where the backends keep sessions: in their own memory, or in a store that all share. */
export type SessionPlace = 'memory' | 'shared';

/** What the balancer decides by: nothing (turns), the client's address, or the route in the session id. */
export type Binding = 'none' | 'address' | 'route';

export interface StrategyTraits {
  readonly sessions: SessionPlace;
  readonly binding: Binding;
  /** One line for people. */
  readonly summary: string;
}

export const STRATEGIES: Readonly<Record<Strategy, StrategyTraits>> = {
  round_robin: { sessions: 'memory', binding: 'none', summary: 'nginx round robin, sessions in each Tomcat' },
  ip_hash: { sessions: 'memory', binding: 'address', summary: 'nginx ip_hash, sessions in each Tomcat' },
  jvm_route: { sessions: 'memory', binding: 'route', summary: 'nginx routes by the suffix of JSESSIONID, sessions in each Tomcat' },
  redis_session: { sessions: 'shared', binding: 'none', summary: 'nginx round robin, sessions in Redis' },
  jvm_route_redis: { sessions: 'shared', binding: 'route', summary: 'nginx routes by the suffix of JSESSIONID, sessions in Redis' },
};

/** What ip_hash reads of an address: the first three octets of an IPv4, the whole of anything else (ngx_http_upstream_ip_hash_module.c:119-138). */
export function addressKey(address: string): string {
  const isIpv4 = address.includes('.') && !address.includes(':');
  return isIpv4 ? address.slice(0, address.lastIndexOf('.')) : address;
}
