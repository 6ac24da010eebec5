// Waits for an instant, and does not miss it by a timer's grain.

import { setTimeout as pause } from 'node:timers/promises';
import type { Micros } from '../model/units.ts';
import type { Clock } from './wire.ts';

/** Timers ring up to a millisecond late, and later on a busy machine: the last of the wait is spent looking at the clock. */
const LOOKING: Micros = 3_000;

/** Resolves as soon as `clock` shows `at`; at once when it does already. */
export async function passed(at: Micros, clock: Clock): Promise<void> {
  const pausing = at - clock() - LOOKING;
  if (pausing > 0) await pause(pausing / 1_000);
  while (clock() < at);
}
