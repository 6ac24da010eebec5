// The users who are there: those who act are objects, and of those who wait most lie in beds.

import type { Micros } from '../../model/units.ts';
import type { Stay } from '../plan/population.ts';
import { createBeds } from './beds.ts';
import type { Crew } from './crew.ts';
import { User } from './user.ts';

export interface Dormitory {
  /** A user comes for the first time. He is to be woken at once. */
  admit(number: number, first: Stay): User;
  /** The user waits until then. He must not be touched any more: when his time has come another object may be him. */
  rest(user: User, until: Micros): void;
  /** The user has gone for good. He must not be touched any more. */
  discharge(user: User): void;
  /** Requests that were due before `until` and were not sent, of all who are there. Nobody has one on its way. */
  owed(until: Micros): number;
}

/**
 * As long as there are no more objects than this, each stays the user that it is while he waits: a small crowd needs no beds. That is worth
 * 0.1 µs a request, and a megabyte.
 */
const FEW = 1024;

/** Most objects that are kept for other users. A target that stands still may make one of every user; they are not all needed afterwards. */
const IDLE = 16_384;

/** Opens the dormitory of a run. */
export function createDormitory(crew: Crew): Dormitory {
  const { agenda, plan } = crew;
  const beds = createBeds(plan.mint, Math.max(0, ...plan.programs.map(({ registers }) => registers)));
  /** Every object that is a user, or may be one again. */
  const users = new Set<User>();
  /** Those that are nobody now. */
  const idle: User[] = [];
  /** Those who wait as objects, by their beds. */
  const waiting: (User | null)[] = [];
  const dormitory: Dormitory = { admit, rest, discharge, owed };
  agenda.appoint({ wake });
  return dormitory;

  function admit(number: number, first: Stay): User {
    const user = idle.pop() ?? create();
    user.begin(number, first);
    return user;
  }

  function create(): User {
    const user = new User(crew, dormitory);
    users.add(user);
    return user;
  }

  function rest(user: User, until: Micros): void {
    user.bed ??= beds.give();
    agenda.rest(user.bed, until);
    if (users.size <= FEW) {
      waiting[user.bed] = user;
      return;
    }
    beds.keep(user.bed, user);
    retire(user);
  }

  function wake(bed: number, now: Micros): void {
    const waited = waiting[bed];
    if (waited !== undefined && waited !== null) {
      waiting[bed] = null;
      waited.wake(now);
      return;
    }
    const user = idle.pop() ?? create();
    beds.fetch(bed, user);
    user.getUp(bed);
    user.wake(now);
  }

  function discharge(user: User): void {
    if (user.bed !== null) beds.release(user.bed);
    retire(user);
  }

  function retire(user: User): void {
    user.isSomebody = false;
    if (idle.length < IDLE) idle.push(user);
    else users.delete(user);
  }

  function owed(until: Micros): number {
    let sum = 0;
    for (const user of users) if (user.isSomebody) sum += user.owed(until);
    const visitor = new User(crew, dormitory);
    for (const bed of beds.taken()) {
      beds.visit(bed, visitor);
      sum += visitor.owed(until);
    }
    return sum;
  }
}
