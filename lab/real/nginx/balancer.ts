// Starts nginx as the lab's balancer.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StickyError } from '../../../model/errors.ts';
import type { ProcessSpec } from '../../processes/child.ts';
import { claimPort, freePort } from '../../processes/ports.ts';
import { acceptsOn, inOrder } from '../../processes/ready.ts';
import { type Supervisor, startOnFreePort } from '../../processes/supervisor.ts';
import { BALANCER } from '../../started.ts';
import { ACCESS_LOG, type NginxFacts, nginxConfig } from './config.ts';

export type BalancerPlan = Pick<NginxFacts, 'plan' | 'backends' | 'jvmRoute'>;

export interface NginxBalancer {
  readonly port: number;
  /** Here every connection must begin with a PROXY protocol header. */
  readonly proxyProtocolPort: number;
  /** Path of the access log, in the format that config.ts gives. */
  readonly accessLog: string;
}

/**
 * Starts nginx at `path` on `port`, or on a free one for 0. Throws PORT_IN_USE, and LAB_NOT_READY with nginx's own words when it
 * does not take its configuration.
 */
export async function startNginx(supervisor: Supervisor, path: string, port: number, plan: BalancerPlan): Promise<NginxBalancer> {
  const folder = join(supervisor.folder, 'nginx');
  mkdirSync(folder);
  const proxyProtocolPort = await freePort();
  const specFor = (listenOn: number): ProcessSpec =>
    configured(path, folder, { ...plan, port: listenOn, proxyProtocolPort, asRoot: process.getuid?.() === 0 });
  const chosen = port === 0 ? (await startOnFreePort(supervisor, specFor)).port : await startOn(supervisor, specFor, await claimPort(port));
  return { port: chosen, proxyProtocolPort, accessLog: join(folder, ACCESS_LOG) };
}

async function startOn(supervisor: Supervisor, specFor: (port: number) => ProcessSpec, port: number): Promise<number> {
  await supervisor.start(specFor(port));
  return port;
}

/** Writes the configuration, has nginx test it, and says how to start it. */
function configured(path: string, folder: string, facts: NginxFacts): ProcessSpec {
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, nginxConfig(facts));
  const args = ['-p', `${folder}/`, '-c', file];
  const test = spawnSync(path, [...args, '-t'], { encoding: 'utf8' });
  if (test.status !== 0) {
    const words = test.error === undefined ? `${test.stdout}${test.stderr}`.trim() : test.error.message;
    throw new StickyError('LAB_NOT_READY', `${path} does not take the configuration written for it:\n${words}`);
  }
  return {
    name: BALANCER,
    command: path,
    args,
    env: { LC_ALL: 'C.UTF-8' },
    cwd: folder,
    ready: inOrder(acceptsOn(facts.port), acceptsOn(facts.proxyProtocolPort)),
  };
}
