// What the sessions analyzer remembers, bounded by users and faults.

import type { Encoded } from '../../model/analyzer.ts';
import type { Cause } from '../../model/cause.ts';
import type { Setup } from '../../model/setup.ts';
import type { FaultLog } from '../fault-log.ts';
import { encoded, plain } from '../plain.ts';
import { type AffinityCounts, addTallies, noTallies } from './affinity.ts';
import { addShelves, type EvidenceShelf } from './evidence.ts';
import { addGroups, decodeGroups, type EncodedGroups, encodeGroups, type FaultGroups } from './fault-groups.ts';
import { emptyLedger, type Ledger } from './ledger.ts';
import { addLedger, decodeLedger, type EncodedLedger, encodeLedger } from './merge-ledger.ts';
import { addWays, noWays, type Ways } from './way.ts';

export interface SessionsState {
  readonly setup: Setup;
  readonly ledger: Ledger;
  groups: FaultGroups[];
  faults: FaultLog;
  affinity: AffinityCounts;
  ways: Ways;
  losses: Partial<Record<Cause, number>>;
  shelf: EvidenceShelf;
  count: { created: number; expired: number; echoes: number; forks: number; orphans: number; watched: number };
  seen: { backend: boolean; session: boolean; page: boolean };
}

/** The state before any entry. */
export function init(setup: Setup): SessionsState {
  return {
    setup,
    ledger: emptyLedger(setup.backends),
    groups: [],
    faults: [],
    affinity: noTallies(),
    ways: noWays(),
    losses: {},
    shelf: {},
    count: { created: 0, expired: 0, echoes: 0, forks: 0, orphans: 0, watched: 0 },
    seen: { backend: false, session: false, page: false },
  };
}

/** Adds the state of other users over the same time. */
export function merge(into: SessionsState, from: SessionsState): void {
  addLedger(into.ledger, from.ledger);
  addGroups(into.groups, from.groups);
  if (from.faults.length > into.faults.length) into.faults = from.faults;
  addTallies(into.affinity, from.affinity);
  addWays(into.ways, from.ways);
  for (const [cause, count] of Object.entries(from.losses) as [Cause, number][]) into.losses[cause] = (into.losses[cause] ?? 0) + count;
  addShelves(into.shelf, from.shelf);
  for (const key of Object.keys(into.count) as (keyof SessionsState['count'])[]) into.count[key] += from.count[key];
  for (const key of Object.keys(into.seen) as (keyof SessionsState['seen'])[]) into.seen[key] ||= from.seen[key];
}

interface EncodedState extends Omit<SessionsState, 'setup' | 'ledger' | 'groups'> {
  readonly ledger: EncodedLedger;
  readonly groups: readonly EncodedGroups[];
}

export function encode({ setup: _, ledger, groups, ...rest }: SessionsState): Encoded {
  return { ...encoded(rest), ledger: encodeLedger(ledger), groups: groups.map(encodeGroups) };
}

export function decode(setup: Setup, from: Encoded): SessionsState {
  const { ledger, groups, ...rest } = from as unknown as EncodedState;
  return { ...plain<typeof rest>(rest), setup, ledger: decodeLedger(ledger), groups: groups.map(decodeGroups) };
}
