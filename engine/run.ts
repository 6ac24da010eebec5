// Runs a workload: users act, faults strike, and every entry is handed over in the order of the timeline.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StickyError } from '../model/errors.ts';
import type { RunEnd } from '../model/report.ts';
import type { HttpOptions } from '../model/workload.ts';
import { startClock, systemAlarm } from './clock.ts';
import { conduct } from './conduct.ts';
import { eventLoopLoad } from './pulse.ts';
import { createTransport } from './transport/transport.ts';
import { planOf } from './users/crew.ts';
import type { Clock } from './wire.ts';
import type { RunOptions, World } from './world.ts';

/**
 * Runs a workload to its end. Resolves to `finished`, or `interrupted` after an abort; by then every connection is closed and whatever
 * `exec` and `http` faults did is undone. Rejects with a StickyError when the workload cannot be run on this target, and with whatever
 * `onEntry` throws.
 */
export async function runWorkload(options: RunOptions): Promise<RunEnd> {
  return runIn(await systemWorld(options), options);
}

/** Runs a workload in a given world. */
export async function runIn(world: World, options: RunOptions): Promise<RunEnd> {
  const plan = planOf(options.workload, options.url, options.identify, world.key);
  const transport = await world.openTransport(plan);
  try {
    if (options.signal.aborted) return 'interrupted';
    return await conduct(world, plan, transport, options);
  } finally {
    transport.close();
  }
}

async function systemWorld({ workload, url }: RunOptions): Promise<World> {
  const { http, users } = workload;
  const ca = await authorities(http);
  let started = startClock();
  const clock: Clock = () => started();
  return {
    clock,
    startClock() {
      started = startClock();
    },
    wallClock: Date.now,
    alarm: systemAlarm(),
    load: eventLoopLoad(),
    key: randomBytes(32),
    openTransport: ({ watched }) =>
      createTransport({
        target: url,
        via: users.via,
        connections: http.connections,
        timeout: http.timeout,
        connectTimeout: http.connectTimeout,
        maxBody: http.maxBody,
        tls: { ca, insecure: http.insecure, servername: null },
        watched,
        clock,
      }),
  };
}

async function authorities({ ca }: HttpOptions): Promise<string | null> {
  if (ca === null) return null;
  try {
    return await readFile(ca, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StickyError(
      'WORKLOAD_INVALID',
      `http.ca names a file that cannot be read: ${why}.`,
      'Paths are relative to the workload file.',
    );
  }
}
