// Starts nginx as the lab's balancer.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StickyError } from '../../../model/errors.ts';
import { type BalancerPorts, chooseBalancerPorts } from '../../balancer-ports.ts';
import type { ProcessSpec } from '../../processes/child.ts';
import { claimPort } from '../../processes/ports.ts';
import { acceptsOn, inOrder } from '../../processes/ready.ts';
import { type Supervisor, startOnPorts } from '../../processes/supervisor.ts';
import { BALANCER } from '../../started.ts';
import { ACCESS_LOG, type NginxFacts, nginxConfig } from './config.ts';

export type BalancerPlan = Pick<NginxFacts, 'plan' | 'backends' | 'jvmRoute'>;

export interface NginxBalancer extends BalancerPorts {
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
  if (port !== 0) await claimPort(port);
  const asRoot = process.getuid?.() === 0;
  const { ports } = await startOnPorts(
    supervisor,
    () => chooseBalancerPorts(port),
    (chosen) => configured(path, folder, { ...plan, ...chosen, asRoot }),
  );
  return { ...ports, accessLog: join(folder, ACCESS_LOG) };
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
