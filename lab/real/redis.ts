// Starts a Redis server that keeps nothing on disk, as the lab's session store.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessSpec } from '../processes/child.ts';
import { answersPing } from '../processes/ready.ts';
import { type Supervisor, startOnFreePort } from '../processes/supervisor.ts';
import { STORE } from '../started.ts';

/** Resolves with the port. A store that is killed comes back empty, for there is nothing on disk to come back with. */
export async function startRedis(supervisor: Supervisor, path: string): Promise<number> {
  const folder = join(supervisor.folder, 'redis');
  mkdirSync(folder);
  const { port } = await startOnFreePort(supervisor, (free) => redisSpec(path, folder, free));
  return port;
}

function redisSpec(path: string, folder: string, port: number): ProcessSpec {
  const options = { port: String(port), bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no', daemonize: 'no', loglevel: 'notice' };
  return {
    name: STORE,
    command: path,
    args: Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]),
    env: { LC_ALL: 'C.UTF-8' },
    cwd: folder,
    ready: answersPing(port),
  };
}
