// The users who are there: those who act are objects, those who wait lie in beds.

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

/** Opens the dormitory of a run. */
export function createDormitory(crew: Crew): Dormitory {
  const { agenda, plan } = crew;
  const beds = createBeds(plan.mint, Math.max(0, ...plan.programs.map(({ registers }) => registers)));
  /** Every object that ever was a user: as many as ever acted at one time. */
  const users: User[] = [];
  /** Those that are nobody now. */
  const idle: User[] = [];
  const dormitory: Dormitory = {
    admit(number, first) {
      const user = nobody();
      user.begin(number, first);
      return user;
    },
    rest(user, until) {
      const bed = user.bed ?? beds.give();
      beds.keep(bed, user);
      agenda.rest(bed, until);
      retire(user);
    },
    discharge(user) {
      if (user.bed !== null) beds.release(user.bed);
      retire(user);
    },
    owed(until) {
      let owed = 0;
      for (const user of users) if (user.awake) owed += user.owed(until);
      const reader = nobody();
      for (const bed of beds.taken()) {
        beds.fetch(bed, reader);
        owed += reader.owed(until);
        beds.keep(bed, reader);
      }
      retire(reader);
      return owed;
    },
  };

  function nobody(): User {
    const used = idle.pop();
    if (used !== undefined) return used;
    const user = new User(crew, dormitory);
    users.push(user);
    return user;
  }

  function retire(user: User): void {
    user.awake = false;
    user.bed = null;
    idle.push(user);
  }

  agenda.appoint({
    wake(bed, now) {
      const user = nobody();
      beds.fetch(bed, user);
      user.getUp(bed);
      user.wake(now);
    },
  });
  return dormitory;
}
