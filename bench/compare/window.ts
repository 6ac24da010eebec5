// What happens between two looks at the machine: costs, from counts and CPU times. Pure.

import type { Run } from './document.ts';

/** Everything that is read at one moment. Times in seconds since some start. */
export interface Look {
  readonly at: number;
  /** The target's counts, without those of our own looking. */
  readonly requests: number;
  readonly accepted: number;
  readonly active: number;
  readonly wrong: number;
  readonly client: number;
  readonly target: number;
  readonly self: number;
  readonly busy: number;
  readonly stolen: number;
}

/** The run that two looks frame. Throws when nothing was answered between them: a cost per nothing is none. */
export function runBetween(first: Look, last: Look, round: number, unit: 'request' | 'connection'): Omit<Run, 'after'> {
  const gained = (name: keyof Look): number => last[name] - first[name];
  const seconds = gained('at');
  const count = unit === 'request' ? gained('requests') : gained('accepted');
  if (count <= 0) throw new Error('the target was asked nothing in the window');
  const others = gained('busy') - gained('client') - gained('target') - gained('self');
  return {
    round,
    seconds,
    count,
    cost: (gained('client') / count) * 1e6,
    targetCost: (gained('target') / count) * 1e6,
    clientBusy: gained('client') / seconds,
    targetBusy: gained('target') / seconds,
    othersBusy: Math.max(0, others / seconds),
    stolen: gained('stolen') / seconds,
    connections: last.active,
    wrong: gained('wrong'),
  };
}
