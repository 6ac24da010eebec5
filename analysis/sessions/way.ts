// How sticky the users' ways through the backends have been.

import { type Ledger, latestOf } from './ledger.ts';
import type { SessionRow } from './session-row.ts';

/** Counted as it happens, so that nobody has to go through all users at the end. */
export interface Ways {
  /** Users with an eligible request, and those of them with a violation. */
  users: number;
  violators: number;
  /** Consecutive eligible requests of one user that different backends answered. */
  switches: number;
}

export function noWays(): Ways {
  return { users: 0, violators: 0, switches: 0 };
}

/** A user's way is the number of the backend that answered last, plus one, and in the lowest bit whether he had a violation; 0 is none yet. */
const VIOLATED = 1;

/** Takes an eligible request, answered by the backend of this number, into the way of its user. */
export function noteWay(ways: Ways, ledger: Ledger, user: number, carried: SessionRow, backend: number, violation: boolean): void {
  const row = latestOf(ledger, user);
  const latest = row === carried.number ? carried : ledger.other.on(row);
  const { way } = latest;
  const now = wayOf(backend, violation || (way & VIOLATED) !== 0);
  if (now !== way) latest.way = counted(ways, way, now);
}

function counted(ways: Ways, way: number, now: number): number {
  if (way === 0) ways.users += 1;
  else if (way >> 1 !== now >> 1) ways.switches += 1;
  if ((now & VIOLATED) !== (way & VIOLATED)) ways.violators += 1;
  return now;
}

function wayOf(backend: number, violated: boolean): number {
  return ((backend + 1) << 1) | (violated ? VIOLATED : 0);
}

/** The same way where backends have other numbers. */
export function translateWay(way: number, codes: readonly number[]): number {
  return way === 0 ? 0 : wayOf(codes[(way >> 1) - 1] as number, (way & VIOLATED) !== 0);
}

export function addWays(into: Ways, from: Ways): void {
  into.users += from.users;
  into.violators += from.violators;
  into.switches += from.switches;
}
