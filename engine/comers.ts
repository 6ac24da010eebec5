// Brings the users in one by one, as they join in a closed model or arrive in an open one.

import { isIn, type Shard } from '../model/shard.ts';
import type { Micros } from '../model/units.ts';
import { arrivals } from './plan/arrivals.ts';
import { crowd, type Stay, staysOf } from './plan/population.ts';
import type { Crew, Plan } from './users/crew.ts';
import { User } from './users/user.ts';

/** A user who is to come, and when he is wanted: at least once. */
interface Comer {
  readonly number: number;
  readonly stays: readonly Stay[];
}

/**
 * Lists the first user of the shard on the agenda; each who comes lists the next, so that those still to come take no memory. `most`: users
 * of the whole run at one time in an open model. Every shard has its part of them, and what arrives beyond that part is unstarted.
 */
export function bringUsers(crew: Crew, most: number, shard: Shard): void {
  const { agenda, counts, plan } = crew;
  const room = plan.open ? partOf(most, shard) : Number.POSITIVE_INFINITY;
  const comers = comersOf(plan, shard);

  function expectNext(): void {
    const next = comers.next();
    if (next.done !== true) agenda.sleep({ wake: (now) => come(next.value, now) }, joinOf(next.value));
  }

  function come({ number, stays }: Comer, now: Micros): void {
    if (counts.users < room) new User(crew, number, stays).wake(now);
    else counts.unstarted += 1;
    expectNext();
  }

  expectNext();
}

/** The users of the shard in the order in which they come. */
function comersOf(plan: Plan, shard: Shard): Generator<Comer, void, undefined> {
  return plan.open ? arriving(plan, shard) : joining(plan, shard);
}

function* arriving({ slots, seed }: Plan, shard: Shard): Generator<Comer, void, undefined> {
  let number = 0;
  for (const join of arrivals(slots, seed)) {
    if (isIn(shard, number)) yield { number, stays: [{ join, leave: Number.POSITIVE_INFINITY }] };
    number += 1;
  }
}

/** A user joins when n(t) first exceeds his number (`staysOf`), so of two users the one with the lower number joins first. */
function* joining({ slots }: Plan, { index, of }: Shard): Generator<Comer, void, undefined> {
  const count = crowd(slots);
  for (let number = index; number < count; number += of) {
    const stays = staysOf(number, slots);
    if (stays.length > 0) yield { number, stays };
  }
}

function joinOf({ stays }: Comer): Micros {
  return stays[0]?.join ?? 0;
}

/** Parts of a whole number that differ by one at most and add up to it. */
function partOf(whole: number, { index, of }: Shard): number {
  return Math.floor(whole / of) + (index < whole % of ? 1 : 0);
}
