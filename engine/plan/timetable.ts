// The phases of a run laid on the clock.

import type { Micros } from '../../model/units.ts';
import type { Phase } from '../../model/workload.ts';

/** A phase and when it holds: from `begin`, up to and not including `end`. */
export interface Slot {
  readonly phase: Phase;
  readonly begin: Micros;
  readonly end: Micros;
}

/** Phases follow each other from time 0 on. */
export function timetable(phases: readonly Phase[]): readonly Slot[] {
  let begin = 0;
  return phases.map((phase) => {
    const slot = { phase, begin, end: begin + phase.duration };
    begin = slot.end;
    return slot;
  });
}

/** When the last phase ends; 0 without phases. */
export function endOf(slots: readonly Slot[]): Micros {
  return slots.at(-1)?.end ?? 0;
}

/**
 * Finds the name of the phase in which a time falls; of the last one when it is later. Times come almost in order, so the phase found last
 * is looked at first.
 */
export function phaseFinder(slots: readonly Slot[]): (time: Micros) => string {
  let found = slots[0];
  return (time) => {
    if (found === undefined || time < found.begin || time >= found.end) found = slots.find(({ end }) => time < end) ?? slots.at(-1);
    return found?.phase.name ?? '';
  };
}
