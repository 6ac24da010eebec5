// Starts the embedded lab: balancer, backends and, where the strategy shares sessions, the store, each a Node process of its own.

import { join } from 'node:path';
import { STRATEGIES } from '../../model/strategy.ts';
import { MILLISECOND, SECOND } from '../../model/units.ts';
import type { LabPlan, PlannedBackend } from '../../model/workload.ts';
import { type BalancerPorts, chooseBalancerPorts } from '../balancer-ports.ts';
import { claimPort } from '../processes/ports.ts';
import { acceptsOn, inOrder } from '../processes/ready.ts';
import { type Supervisor, startOnFreePort, startOnPorts } from '../processes/supervisor.ts';
import { BALANCER, STORE, type Started } from '../started.ts';
import type { BackendOrders } from './backend/main.ts';
import type { BalancerOrders } from './balancer/main.ts';
import { nodeProcess, type Orders, type Role } from './process.ts';
import type { JvmRouteBy } from './routing/router.ts';
import type { Server } from './routing/server.ts';
import type { StoreOrders } from './store/main.ts';

/**
 * Resolves once every process accepts connections. `jvmRouteBy` says how the jvm_route strategies route; others do not look at it.
 * Throws PORT_IN_USE when the port of the plan is taken, LAB_NOT_READY when a process does not start.
 */
export async function startEmbedded(plan: LabPlan, supervisor: Supervisor, jvmRouteBy: JvmRouteBy): Promise<Started> {
  if (plan.port !== 0) await claimPort(plan.port);
  const store = STRATEGIES[plan.strategy].sessions === 'shared' ? await startStore(supervisor) : null;
  const servers = await Promise.all(plan.backends.map((backend) => startBackend(plan, backend, store, supervisor)));
  const accessLog = join(supervisor.folder, 'access.log');
  const { strategy } = plan;
  const { port, proxyProtocolPort } = await startBalancer({ strategy, servers, jvmRouteBy, accessLog }, plan.port, supervisor);
  return {
    url: `http://127.0.0.1:${port}`,
    proxyProtocolUrl: `http://127.0.0.1:${proxyProtocolPort}`,
    backends: servers.map(({ name, address }) => ({ name, address })),
    versions: { node: process.version },
    logs: { access: accessLog },
  };
}

/** Resolves to the store's port. */
async function startStore(supervisor: Supervisor): Promise<number> {
  const { port } = await startOnFreePort(supervisor, (port) => spec(supervisor, STORE, 'store', { port } satisfies StoreOrders, port));
  return port;
}

async function startBackend(plan: LabPlan, backend: PlannedBackend, store: number | null, supervisor: Supervisor): Promise<Server> {
  const { name, weight, down } = backend;
  const sessionTimeout = plan.sessionTimeout / MILLISECOND;
  const { port } = await startOnFreePort(supervisor, (port) =>
    spec(supervisor, name, 'backend', { name, port, sessionTimeout, store } satisfies BackendOrders, port),
  );
  // nginx counts fail_timeout in whole seconds.
  return { name, address: `127.0.0.1:${port}`, weight, maxFails: plan.maxFails, failTimeout: Math.ceil(plan.failTimeout / SECOND), down };
}

type BalancerPlan = Omit<BalancerOrders, 'port' | 'proxyProtocolPort'>;

/** On the port asked for, or on a free one for 0. */
export async function startBalancer(plan: BalancerPlan, port: number, supervisor: Supervisor): Promise<BalancerPorts> {
  const { ports } = await startOnPorts(
    supervisor,
    () => chooseBalancerPorts(port),
    (chosen) => ({
      ...spec(supervisor, BALANCER, 'balancer', { ...plan, ...chosen } satisfies BalancerOrders, chosen.port),
      ready: inOrder(acceptsOn(chosen.port), acceptsOn(chosen.proxyProtocolPort)),
    }),
  );
  return ports;
}

function spec(supervisor: Supervisor, name: string, role: Role, orders: Orders, port: number) {
  return { name, ...nodeProcess(role, orders), cwd: supervisor.folder, ready: acceptsOn(port) };
}
