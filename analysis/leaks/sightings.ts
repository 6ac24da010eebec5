// Which marks were seen with whom: mostly each with one user, whose own it is.

import type { Mark } from './mark.ts';
import {
  addOwner,
  decodeOwners,
  type EncodedOwners,
  encodeOwners,
  firstAt,
  markAt,
  noOwners,
  type Owners,
  ownerOf,
  type Sighting,
  setFirst,
} from './owners.ts';

export interface Sightings {
  readonly owners: Owners;
  /** By row and user, everybody else who was seen with a mark: the leaks. */
  readonly others: Map<number, Map<number, Sighting>>;
  /** How many there are in `others`. */
  strangers: number;
  /** Owners and strangers remembered at most; further ones are not followed. */
  readonly most: number;
}

export function noSightings(most: number): Sightings {
  return { owners: noOwners(), others: new Map(), strangers: 0, most };
}

/** Notes that an answer showed a mark to a user. False when there is no room for it. */
export function sight(sightings: Sightings, mark: Mark, user: number, at: number): boolean {
  const owner = ownerOf(sightings.owners, mark);
  if (owner === null || owner.user !== user) return add(sightings, mark, { user, at, count: 1 });
  owner.count += 1;
  return true;
}

/** Adds a sighting by whom the mark does not belong to, as far as is known. Whoever was earlier owns it. */
function add(sightings: Sightings, mark: Mark, seen: Sighting): boolean {
  const owner = ownerOf(sightings.owners, mark);
  if (owner === null) {
    const room = hasRoom(sightings);
    if (room) addOwner(sightings.owners, mark, seen);
    return room;
  }
  const first = { user: owner.user, at: owner.at, count: owner.count };
  if (first.user === seen.user) {
    setFirst(owner, together(first, seen));
    return true;
  }
  const earlier = seen.at < first.at || (seen.at === first.at && seen.user < first.user);
  if (earlier) setFirst(owner, seen);
  return addOther(sightings, owner.number, earlier ? first : seen);
}

function hasRoom({ owners, strangers, most }: Sightings): boolean {
  return owners.rows.size + strangers < most;
}

function addOther(sightings: Sightings, row: number, seen: Sighting): boolean {
  const others = sightings.others.get(row) ?? new Map<number, Sighting>();
  const known = others.get(seen.user);
  if (known === undefined && !hasRoom(sightings)) return false;
  if (known === undefined) sightings.strangers += 1;
  sightings.others.set(row, others);
  others.set(seen.user, known === undefined ? seen : together(known, seen));
  return true;
}

function together(a: Sighting, b: Sighting): Sighting {
  return { user: a.user, at: Math.min(a.at, b.at), count: a.count + b.count };
}

/** Adds the sightings of other users. False when there was no room for all. */
export function addSightings(into: Sightings, { owners, others }: Sightings): boolean {
  let room = true;
  const take = (row: number, seen: Sighting): void => {
    room = add(into, markAt(owners, row), seen) && room;
  };
  for (let row = 0; row < owners.rows.size; row += 1) take(row, firstAt(owners, row));
  for (const [row, strangers] of others) for (const seen of strangers.values()) take(row, seen);
  return room;
}

/** One leak: what somebody saw, and whose it was. */
export interface Leak {
  readonly seen: Sighting;
  readonly first: Sighting;
}

export function leaksIn({ owners, others }: Sightings): readonly Leak[] {
  return [...others].flatMap(([row, strangers]) => {
    const first = firstAt(owners, row);
    return [...strangers.values()].map((seen) => ({ seen, first }));
  });
}

/** `others` with the numbers of their rows. */
export type EncodedSightings = {
  readonly owners: EncodedOwners;
  readonly others: readonly (readonly [number, readonly EncodedSighting[]])[];
  readonly most: number;
};

type EncodedSighting = readonly [user: number, at: number, count: number];

export function encodeSightings({ owners, others, most }: Sightings): EncodedSightings {
  const list = [...others].map(([row, strangers]) => [row, Array.from(strangers.values(), seenBy)] as const);
  return { owners: encodeOwners(owners), others: list, most };
}

function seenBy({ user, at, count }: Sighting): EncodedSighting {
  return [user, at, count];
}

export function decodeSightings({ owners, others, most }: EncodedSightings): Sightings {
  const strangers = others.map(([row, seen]): [number, Map<number, Sighting>] => [row, new Map(seen.map(sightingOf))]);
  const count = others.reduce((sum, [, seen]) => sum + seen.length, 0);
  return { owners: decodeOwners(owners), others: new Map(strangers), strangers: count, most };
}

function sightingOf([user, at, count]: EncodedSighting): [number, Sighting] {
  return [user, { user, at, count }];
}
