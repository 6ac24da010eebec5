// Runs a workload: users act, faults strike, and every entry is handed over in the order of the timeline.

import { randomBytes } from 'node:crypto';
import type { RunEnd } from '../model/report.ts';
import { WHOLE } from '../model/shard.ts';
import { startClock, systemAlarm } from './clock.ts';
import { conduct } from './conduct.ts';
import { eventLoopLoad } from './pulse.ts';
import { createTransport } from './transport/transport.ts';
import { transportOptions } from './transport-options.ts';
import { planOf } from './users/crew.ts';
import type { Clock } from './wire.ts';
import type { RunOptions, World } from './world.ts';

/**
 * Runs a workload to its end. Resolves to `finished`, or `interrupted` after an abort; by then every connection is closed, and whatever
 * `exec` and `http` faults did is undone or, where that failed or took too long, noted with what to do by hand. Rejects with a StickyError when the workload cannot be run on this target, and with whatever
 * `onEntry` throws.
 */
export async function runWorkload(options: RunOptions): Promise<RunEnd> {
  return runIn(systemWorld(options), options);
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

function systemWorld({ workload, url }: RunOptions): World {
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
    openTransport: async ({ watched }) => createTransport(await transportOptions(workload, url, watched, clock, WHOLE)),
  };
}
