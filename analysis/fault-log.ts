// When what was hurt, as seen so far.

import type { FaultEvent } from '../model/entry.ts';
import type { FaultSummary } from '../model/report.ts';
import type { Micros } from '../model/units.ts';

/** Faults in the order they began. Each holds from `began` to `ended`, or to the end of time while that is null. */
export type FaultLog = FaultSummary[];

/** Takes one event into the log; `detail` grows from what was planned to what was done. A `failed` event takes its fault out again: nothing was hurt. */
export function noteFault(log: FaultLog, event: FaultEvent): void {
  const { fault, action, target, at, detail } = event;
  const index = log.findIndex((known) => known.fault === fault);
  const known = log[index];
  if (event.stage === 'began' && known === undefined) log.push({ fault, action, target, began: at, ending: null, ended: null, detail });
  else if (known === undefined) return;
  else if (event.stage === 'ending') log[index] = { ...known, ending: at, detail };
  else if (event.stage === 'ended') log[index] = { ...known, ending: known.ending ?? at, ended: at, detail: `${known.detail}; ${detail}` };
  else if (event.stage === 'failed' && known.ending === null) log.splice(index, 1);
}

/** The latest fault of `target` that meets [from, to], or null. Up(b, [x,y]) is the absence of one. */
export function faultMeeting(log: FaultLog, target: string, from: Micros, to: Micros): FaultSummary | null {
  for (let i = log.length - 1; i >= 0; i--) {
    const fault = log[i];
    if (fault !== undefined && fault.target === target && fault.began <= to && (fault.ended ?? Number.POSITIVE_INFINITY) >= from)
      return fault;
  }
  return null;
}

/**
 * A fault of `target` from which it came back between `since` and `by`: recovery was begun by then, and was complete, for the balancer too
 * (`settle` after its end), not before.
 */
export function cameBack(log: FaultLog, target: string, since: Micros, by: Micros, settle: Micros): FaultSummary | null {
  const back = ({ ending, ended }: FaultSummary): boolean =>
    ending !== null && ending <= by && (ended ?? Number.POSITIVE_INFINITY) + settle >= since;
  return log.find((fault) => fault.target === target && back(fault)) ?? null;
}

/** Where a moment lies relative to the faults: before any, during one or while it may still be felt, or after. */
export type Window = 'before' | 'during' | 'after';

export const WINDOWS: readonly Window[] = ['before', 'during', 'after'];

/** `settle` is how long after its end a fault may still be felt: the balancer's fail_timeout and a second. */
export function windowAt(log: FaultLog, at: Micros, settle: Micros): Window {
  let window: Window = 'before';
  for (const fault of log) {
    if (fault.began > at) continue;
    if (fault.ended === null || fault.ended + settle >= at) return 'during';
    window = 'after';
  }
  return window;
}
