// The last thing in a run: what faults did to the user's own deployment is undone.

import { type Micros, SECOND } from '../model/units.ts';
import type { Alarm } from './clock.ts';
import type { Ending } from './ending.ts';
import type { Faults } from './faults.ts';

/**
 * How long the undoing of faults is waited for at the end of a run: longer than an injector takes for two steps of a minute each, because an
 * undo waits for the step under way.
 */
const HEALING: Micros = 150 * SECOND;

/** Waits until faults are undone. After an interruption that came `before`, only the time ends the wait: nobody can interrupt twice. */
export async function heal(alarm: Alarm, faults: Faults, ending: Ending, before: boolean): Promise<void> {
  const late = new Promise<string>((resolve) => {
    alarm.set(HEALING, () => resolve(`the undo was not over ${HEALING / SECOND} s after the run`));
  });
  const interrupted = ending.interrupted().then(() => 'the run was interrupted before the undo was over');
  await faults.end(before ? late : Promise.race([late, interrupted]));
  alarm.cancel();
}
