// Before a run on the user's own deployment: is anybody there, and can it be reached from a user's exit?

import { WHOLE } from '../model/shard.ts';
import type { Workload } from '../model/workload.ts';
import { startClock } from './clock.ts';
import { exits } from './plan/exits.ts';
import { probeTarget } from './transport/probe.ts';
import { transportOptions } from './transport-options.ts';

/**
 * Sends one request from the first exit of the workload's users, and is content with any answer. Throws what `probeTarget` throws:
 * TARGET_INVALID, TARGET_UNRESOLVED, TARGET_UNREACHABLE, TARGET_NOT_HTTP, EGRESS_UNAVAILABLE.
 */
export async function preflight(workload: Workload, url: string): Promise<void> {
  const { users, seed } = workload;
  const pool = exits(users, seed);
  const shared = users.egress.findIndex((share) => share.policy === 'shared');
  const exit = shared === 0 ? pool.common(shared, 0) : pool.own(0, 0, 0);
  await probeTarget(await transportOptions(workload, url, [], startClock(), WHOLE), exit);
}
