// Runs a workload: users act, faults strike, and every entry is handed over in the order of the timeline.

import { randomBytes } from 'node:crypto';
import type { RunEnd } from '../model/report.ts';
import { type Shard, WHOLE } from '../model/shard.ts';
import { startClock, systemAlarm } from './clock.ts';
import { conduct } from './conduct.ts';
import { clockFrom, machineTime } from './machine-clock.ts';
import { eventLoopLoad } from './pulse.ts';
import { passed } from './start-line.ts';
import { createTransport } from './transport/transport.ts';
import { transportOptions } from './transport-options.ts';
import { planOf } from './users/crew.ts';
import type { Clock } from './wire.ts';
import type { RunOptions, ShardOptions, World } from './world.ts';

/**
 * Runs a workload to its end. Resolves to `finished`, or `interrupted` after an abort; by then every connection is closed, and whatever
 * `exec` and `http` faults did is undone or, where that failed or took too long, noted with what to do by hand. Rejects with a StickyError
 * when the workload cannot be run on this target, and with whatever `onEntry` throws.
 */
export async function runWorkload(options: RunOptions): Promise<RunEnd> {
  const time = { clock: startClock() };
  const world: World = {
    ...systemWorld(options, () => time.clock(), WHOLE, randomBytes(32)),
    async start() {
      time.clock = startClock();
    },
    drained: async () => {},
  };
  return runIn(world, options);
}

/**
 * Runs one shard of a workload, as one of several workers whom a coordinator leads (`coordinate`). Faults of the workload are the
 * coordinator's: their marks come from him. Resolves and rejects as `runWorkload` does, and rejects with what `coordinator.ready` does.
 */
export async function runShard(options: ShardOptions): Promise<RunEnd> {
  const { workload, shard, key, coordinator } = options;
  const time = { clock: startClock() };
  const world: World = {
    ...systemWorld(options, () => time.clock(), shard, key),
    async start(controls) {
      const zero = await coordinator.ready(controls);
      time.clock = clockFrom(zero);
      await passed(zero, machineTime);
    },
    drained: () => coordinator.drained(),
  };
  return runIn(world, { ...options, workload: { ...workload, faults: [] }, injector: null, signal: new AbortController().signal });
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

function systemWorld(options: Pick<RunOptions, 'workload' | 'url' | 'precise'>, clock: Clock, shard: Shard, key: Uint8Array) {
  const { workload, url, precise } = options;
  const alarm = systemAlarm({ precise });
  return {
    clock,
    wallClock: Date.now,
    alarm,
    load: eventLoopLoad(alarm.spun),
    shard,
    key,
    openTransport: async ({ watched }) => createTransport(await transportOptions(workload, url, watched, clock, shard)),
  } satisfies Partial<World>;
}
