// Brings the users in one by one, as they join in a closed model or arrive in an open one.

import { isIn, type Shard } from '../model/shard.ts';
import type { Micros } from '../model/units.ts';
import { arrivals } from './plan/arrivals.ts';
import { crowd, type Stay, staysOf } from './plan/population.ts';
import type { Crew, Plan } from './users/crew.ts';
import { createDormitory } from './users/dormitory.ts';

/** A user who is to come, and when he is wanted first. */
interface Comer {
  readonly number: number;
  readonly first: Stay;
}

/** The users of a run, or of one shard of it. */
export interface People {
  /** Requests that were due before `until` and were not sent, of those who are there and of those who should be. None is on its way. */
  owed(until: Micros): number;
}

/**
 * Lists the first user of the shard on the agenda; each who comes lists the next, so that those still to come take no memory. `most`: users
 * of the whole run at one time in an open model. Every shard has its part of them, and what arrives beyond that part is unstarted.
 */
export function bringUsers(crew: Crew, most: number, shard: Shard): People {
  const { agenda, counts, plan } = crew;
  const room = plan.open ? partOf(most, shard) : Number.POSITIVE_INFINITY;
  const dormitory = createDormitory(crew);
  const comers = comersOf(plan, shard);
  let next = comers.next();

  const door = {
    wake(now: Micros): void {
      if (next.done === true) return;
      const { number, first } = next.value;
      if (counts.users < room) dormitory.admit(number, first).wake(now);
      else counts.unstarted += 1;
      next = comers.next();
      expect();
    },
  };

  function expect(): void {
    if (next.done !== true) agenda.sleep(door, next.value.first.join);
  }

  expect();
  return {
    owed(until) {
      let owed = dormitory.owed(until);
      for (; next.done !== true && next.value.first.join < until; next = comers.next()) owed += 1;
      return owed;
    },
  };
}

/** The users of the shard in the order in which they come. */
function comersOf(plan: Plan, shard: Shard): Generator<Comer, void, undefined> {
  return plan.open ? arriving(plan, shard) : joining(plan, shard);
}

function* arriving({ slots, seed }: Plan, shard: Shard): Generator<Comer, void, undefined> {
  let number = 0;
  for (const join of arrivals(slots, seed)) {
    if (isIn(shard, number)) yield { number, first: { join, leave: Number.POSITIVE_INFINITY } };
    number += 1;
  }
}

/** A user joins when n(t) first exceeds his number (`staysOf`), so of two users the one with the lower number joins first. */
function* joining({ slots }: Plan, { index, of }: Shard): Generator<Comer, void, undefined> {
  const count = crowd(slots);
  for (let number = index; number < count; number += of) {
    const [first] = staysOf(number, slots);
    if (first !== undefined) yield { number, first };
  }
}

/** Parts of a whole number that differ by one at most and add up to it. */
function partOf(whole: number, { index, of }: Shard): number {
  return Math.floor(whole / of) + (index < whole % of ? 1 : 0);
}
