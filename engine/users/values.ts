// The variables of a user: what the workload gives him, and what he has captured on the way.

import type { Payload, Workload } from '../../model/workload.ts';
import { pick, random, scramble } from '../plan/random.ts';

/** Looks a variable up for a user. */
export type Given = (user: number, variable: string) => string | undefined;

/**
 * Variables a user has from the start, worked out anew on each look-up from the seed and his number, so that nothing is kept per user:
 * `user.id` (his number), a field of his row of a payload, or one value of a list of `variables`, the same all his life.
 */
export function givenValues({ payload, variables }: Pick<Workload, 'payload' | 'variables'>, seed: number): Given {
  const givers = new Map<string, (user: number) => string | undefined>([['user.id', String]]);
  Object.entries(variables).forEach(([name, list], place) => {
    givers.set(name, (user) => list[drawn(seed, user, place, list.length)]);
  });
  payload.forEach((table, place) => {
    table.fields.forEach((field, column) => {
      givers.set(field, (user) => table.rows[rowOf(table, place, seed, user)]?.[column]);
    });
  });
  return (user, variable) => givers.get(variable)?.(user);
}

/** `sequence`: user n has row n, and the first again after the last. `random`: any row. */
function rowOf({ order, rows }: Payload, place: number, seed: number, user: number): number {
  if (rows.length === 0) return 0;
  return order === 'sequence' ? user % rows.length : drawn(seed, user, -1 - place, rows.length);
}

function drawn(seed: number, user: number, list: number, length: number): number {
  return pick(random(scramble(seed ^ scramble(list)), user, 'variables'), length);
}
