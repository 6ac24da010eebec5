// Why a session was lost.

export type Cause = 'store' | 'failover' | 'failback' | 'membership' | 'egress' | 'rotation_race' | 'fork' | 'overload' | 'spurious';

/** Every cause, in the order in which they are tried: the first that fits counts. */
export const CAUSES: readonly Cause[] = [
  'store',
  'failover',
  'failback',
  'membership',
  'egress',
  'rotation_race',
  'fork',
  'overload',
  'spurious',
];
