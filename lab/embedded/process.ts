// What every process of the embedded lab has in common: where its module lies, how it gets its orders, and when it ends.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProcessSpec } from '../processes/child.ts';

/** What a process of the embedded lab does; also the folder of its module. */
export type Role = 'balancer' | 'backend' | 'store';

/** What a process needs to be told; plain JSON. */
export type Orders = Readonly<Record<string, unknown>>;

/** Environment variable that carries the orders. */
const ORDERS = 'STICKYBENCH_ORDERS';

/** Command line and environment of a process of the lab. */
export function nodeProcess(role: Role, orders: Orders): Pick<ProcessSpec, 'command' | 'args' | 'env'> {
  return { command: process.execPath, args: [moduleOf(role)], env: { [ORDERS]: JSON.stringify(orders) } };
}

/** In the process: its orders. `Given` is what `nodeProcess` was given. */
export function orders<Given>(): Given {
  return JSON.parse(process.env[ORDERS] ?? '{}') as Given;
}

/** In the process: ends it as soon as nobody holds the other end of its standard input any more. */
export function endWithParent(): void {
  process.stdin.resume();
  process.stdin.once('end', () => process.exit());
  process.stdin.once('error', () => process.exit());
}

/** Node 20 does not run TypeScript: from sources, as in tests, the processes run from the build. */
function moduleOf(role: Role): string {
  const here = import.meta.url;
  const built = here.endsWith('.ts') ? new URL(`../../dist/lab/embedded/${role}/main.js`, here) : new URL(`./${role}/main.js`, here);
  const path = fileURLToPath(built);
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm run build\` first`);
  return path;
}
