// What the sessions analyzer remembers: plain data, bounded by users and faults.

import type { Cause } from '../../model/cause.ts';
import type { Setup } from '../../model/setup.ts';
import type { FaultLog } from '../fault-log.ts';
import { type AffinityCounts, addTallies, noTallies } from './affinity.ts';
import { addShelves, type EvidenceShelf } from './evidence.ts';
import { addGroups, type FaultGroups } from './fault-groups.ts';
import type { Holder } from './ledger.ts';

/** How sticky one user's way has been. */
export interface Way {
  eligible: number;
  violations: number;
  switches: number;
  last: string | null;
}

/** Plain data but for `setup`. `users` has a hole for each user of another shard. */
export interface SessionsState {
  readonly setup: Setup;
  users: ((Holder & { way: Way }) | null)[];
  faults: FaultLog;
  groups: FaultGroups[];
  affinity: AffinityCounts;
  losses: Partial<Record<Cause, number>>;
  shelf: EvidenceShelf;
  count: { created: number; expired: number; echoes: number; forks: number; orphans: number; watched: number };
  seen: { backend: boolean; session: boolean; page: boolean };
}

/** The state before any entry. */
export function init(setup: Setup): SessionsState {
  return {
    setup,
    users: [],
    faults: [],
    groups: [],
    affinity: noTallies(),
    losses: {},
    shelf: {},
    count: { created: 0, expired: 0, echoes: 0, forks: 0, orphans: 0, watched: 0 },
    seen: { backend: false, session: false, page: false },
  };
}

/** Adds the state of other users over the same time. */
export function merge(into: SessionsState, from: SessionsState): void {
  from.users.forEach((holder, user) => {
    if (holder !== null && holder !== undefined) into.users[user] = holder;
  });
  if (from.faults.length > into.faults.length) into.faults = from.faults;
  addGroups(into.groups, from.groups);
  addTallies(into.affinity, from.affinity);
  for (const [cause, count] of Object.entries(from.losses) as [Cause, number][]) into.losses[cause] = (into.losses[cause] ?? 0) + count;
  addShelves(into.shelf, from.shelf);
  for (const key of Object.keys(into.count) as (keyof SessionsState['count'])[]) into.count[key] += from.count[key];
  for (const key of Object.keys(into.seen) as (keyof SessionsState['seen'])[]) into.seen[key] ||= from.seen[key];
}
