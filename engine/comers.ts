// Brings the users in: all of them for a closed model, one by one as they arrive for an open one.

import type { Micros } from '../model/units.ts';
import { arrivals } from './plan/arrivals.ts';
import { crowd, staysOf } from './plan/population.ts';
import type { Crew } from './users/crew.ts';
import { User } from './users/user.ts';

/** Lists every user, or the first arrival, on the agenda. `most`: users at one time in an open model; arrivals beyond it are unstarted. */
export function bringUsers(crew: Crew, most: number): void {
  if (crew.plan.open) expectArrivals(crew, most);
  else callUsers(crew);
}

function callUsers(crew: Crew): void {
  const { slots } = crew.plan;
  const count = crowd(slots);
  for (let number = 0; number < count; number += 1) {
    const stays = staysOf(number, slots);
    const [first] = stays;
    if (first !== undefined) crew.agenda.sleep(new User(crew, number, stays), first.join);
  }
}

function expectArrivals(crew: Crew, most: number): void {
  const { agenda, counts, plan } = crew;
  const times = arrivals(plan.slots, plan.seed);
  let number = 0;

  function expectNext(): void {
    const next = times.next();
    if (next.done !== true) agenda.sleep({ wake: (now) => arrive(next.value, now) }, next.value);
  }

  function arrive(at: Micros, now: Micros): void {
    if (counts.users < most) new User(crew, number, [{ join: at, leave: Number.POSITIVE_INFINITY }]).wake(now);
    else counts.unstarted += 1;
    number += 1;
    expectNext();
  }

  expectNext();
}
