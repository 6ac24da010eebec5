// Closed model: when each user joins and leaves.

import type { Micros } from '../../model/units.ts';
import type { ClosedLoad } from '../../model/workload.ts';
import type { Slot } from './timetable.ts';

/** A user is wanted from `join` up to `leave`. */
export interface Stay {
  readonly join: Micros;
  readonly leave: Micros;
}

/** Most users wanted at any time. Users are numbered from 0 to one less. */
export function crowd(slots: readonly Slot[]): number {
  return Math.ceil(Math.max(0, ...slots.map(({ phase }) => (phase.model === 'closed' ? Math.max(phase.from, phase.to) : 0))));
}

/**
 * When a user is wanted. The number of users wanted is n(t) = from + (to - from) t / duration within a phase, and user u is wanted while
 * n(t) > u: a ramp of n users starts them duration / n apart, the first at once, and a ramp down sends the last comer away first.
 */
export function staysOf(user: number, slots: readonly Slot[]): readonly Stay[] {
  const stays: Stay[] = [];
  for (const slot of slots) {
    const stay = slot.phase.model === 'closed' ? stayWithin(user, slot, slot.phase) : null;
    if (stay === null) continue;
    const previous = stays.at(-1);
    if (previous?.leave === stay.join) stays[stays.length - 1] = { join: previous.join, leave: stay.leave };
    else stays.push(stay);
  }
  return stays;
}

function stayWithin(user: number, { begin, end }: Slot, { from, to }: ClosedLoad): Stay | null {
  if (from <= user && to <= user) return null;
  if (from > user && to > user) return { join: begin, leave: end };
  const crossing = begin + Math.round(((user - from) / (to - from)) * (end - begin));
  if (to > from) return { join: crossing, leave: end };
  return { join: begin, leave: crossing };
}
