// The balancer process.

import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Strategy } from '../../../model/strategy.ts';
import { endWithParent, orders } from '../process.ts';
import { type JvmRouteBy, routerFor } from '../routing/router.ts';
import type { Server } from '../routing/server.ts';
import { proxy } from './proxy.ts';
import { proxyListener } from './proxy-listener.ts';

export interface BalancerOrders {
  readonly port: number;
  /** Here every connection begins with a PROXY protocol header. */
  readonly proxyProtocolPort: number;
  readonly strategy: Strategy;
  readonly servers: readonly Server[];
  readonly jvmRouteBy: JvmRouteBy;
  /** Path of the access log. */
  readonly accessLog: string;
}

/** Milliseconds: the real lab's nginx.conf. */
const TIMEOUTS = { connect: 2_000, read: 60_000 };
const KEEP_ALIVE = 75_000;

function main({ port, proxyProtocolPort, strategy, servers, jvmRouteBy, accessLog }: BalancerOrders): void {
  const file = openSync(accessLog, 'a');
  const listener = proxy({ router: routerFor(strategy, servers, jvmRouteBy), timeouts: TIMEOUTS, log: (line) => writeSync(file, line) });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE, requestTimeout: 0 }, listener);
  server.listen(port, '127.0.0.1');
  proxyListener(server).listen(proxyProtocolPort, '127.0.0.1');
}

endWithParent();
main(orders<BalancerOrders>());
