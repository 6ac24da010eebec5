// Gives beds to users who wait, and takes them back.

import type { Mint } from './cookies.ts';
import type { User } from './user.ts';
import { clear, createWard, fetch, isTaken, keep, visit, WARD, type Ward } from './ward.ts';

export interface Beds {
  /** A bed that nobody has, now given to somebody. Beds are numbered from 0; those that were given back go first. */
  give(): number;
  /** The user lies down in his bed. Whatever he knows is kept there, so that the object can be another user. */
  keep(bed: number, user: User): void;
  /** Makes the object the user who lies in this bed, who gets up. */
  fetch(bed: number, user: User): void;
  /** Tells the object when and for what the user in this bed waits, and no more of him. He stays in it. */
  visit(bed: number, user: User): void;
  /** He needs his bed no more. */
  release(bed: number): void;
  /** Beds in which somebody lies. */
  taken(): Iterable<number>;
}

/** `registers`: most that a course has. */
export function createBeds(mint: Mint, registers: number): Beds {
  const wards: Ward[] = [];
  const free: number[] = [];
  let made = 0;

  function wardOf(bed: number): Ward {
    const ward = wards[Math.floor(bed / WARD)];
    if (ward === undefined) throw new Error(`there is no bed ${bed}`);
    return ward;
  }

  function make(): number {
    if (made === wards.length * WARD) wards.push(createWard(registers));
    made += 1;
    return made - 1;
  }

  function* taken(): Generator<number, void, undefined> {
    for (let bed = 0; bed < made; bed += 1) if (isTaken(wardOf(bed), bed % WARD)) yield bed;
  }

  return {
    give: () => free.pop() ?? make(),
    keep: (bed, user) => keep(wardOf(bed), bed % WARD, user),
    fetch: (bed, user) => fetch(wardOf(bed), bed % WARD, user, mint),
    visit: (bed, user) => visit(wardOf(bed), bed % WARD, user),
    release(bed) {
      clear(wardOf(bed), bed % WARD);
      free.push(bed);
    },
    taken,
  };
}
