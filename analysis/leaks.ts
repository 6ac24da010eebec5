// The analyzer of session leaks: did any user see the session of another?

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import type { Entry, Exchange } from '../model/entry.ts';
import type { Evidence, Finding } from '../model/measure.ts';
import { core } from '../model/session.ts';
import { atSecond, number } from './measures.ts';
import { encoded, plain } from './plain.ts';

interface Sighting {
  readonly user: number;
  /** The first time. */
  readonly at: number;
  count: number;
}

/** Who showed up with each mark: the core of an id that was set, or an owner nonce. Marks of one user only are the rule, so they are kept flat. */
interface Sightings {
  /** Whoever had the mark first. */
  readonly first: Map<string, Sighting>;
  /** Everybody else who had it: the leaks. */
  readonly others: Map<string, Sighting[]>;
}

/** Marks remembered of each kind. Beyond it new marks are not followed, and the result is a lower bound. */
const MOST_MARKS = 200_000;

/** Bounded by `MOST_MARKS`, whatever the number of requests. */
export interface LeaksState {
  readonly ids: Sightings;
  readonly owners: Sightings;
  page: boolean;
  /** Answers that showed a mark. */
  shown: number;
  full: boolean;
}

/**
 * A leak is an answer that shows user u the nonce of another user, or sets for u an id that was set for another before. The user who had
 * a mark first owns it; every sighting by anybody else is a leak.
 */
export const leaks: Analyzer<LeaksState> = {
  name: 'leaks',
  init: () => ({ ids: nothingSeen(), owners: nothingSeen(), page: false, shown: 0, full: false }),
  step,
  merge,
  finish,
  encode: ({ ids, owners, ...rest }) => encoded({ ...rest, ids: flat(ids), owners: flat(owners) }),
  decode: (_, from) => unflat(from),
};

function nothingSeen(): Sightings {
  return { first: new Map(), others: new Map() };
}

function step(state: LeaksState, entry: Entry): void {
  if (entry.kind !== 'exchange' || entry.outcome.kind !== 'answered') return;
  const { set, owner } = entry.outcome;
  if (set === null && owner === null) return;
  state.shown += 1;
  if (set !== null) sight(state, state.ids, core(set), entry);
  if (owner === null) return;
  state.page = true;
  sight(state, state.owners, owner, entry);
}

function sight(state: LeaksState, sightings: Sightings, mark: string, { user, done }: Exchange): void {
  const first = sightings.first.get(mark);
  if (first?.user === user) first.count += 1;
  else if (first !== undefined) add(sightings, mark, { user, at: done, count: 1 });
  else if (sightings.first.size < MOST_MARKS) sightings.first.set(mark, { user, at: done, count: 1 });
  else state.full = true;
}

/** Adds a sighting by whom the mark does not belong to, as far as is known. Whoever was earlier owns it. */
function add(sightings: Sightings, mark: string, seen: Sighting): void {
  const first = sightings.first.get(mark);
  const others = sightings.others.get(mark) ?? [];
  if (first === undefined) {
    sightings.first.set(mark, seen);
  } else if (first.user === seen.user) {
    sightings.first.set(mark, together(first, seen));
  } else {
    sightings.others.set(mark, others);
    const earlier = seen.at < first.at || (seen.at === first.at && seen.user < first.user);
    if (earlier) sightings.first.set(mark, seen);
    put(others, earlier ? first : seen);
  }
}

function put(others: Sighting[], seen: Sighting): void {
  const index = others.findIndex(({ user }) => user === seen.user);
  const known = others[index];
  if (known === undefined) others.push(seen);
  else others[index] = together(known, seen);
}

function together(a: Sighting, b: Sighting): Sighting {
  return { user: a.user, at: Math.min(a.at, b.at), count: a.count + b.count };
}

function merge(into: LeaksState, from: LeaksState): void {
  for (const name of ['ids', 'owners'] as const) {
    for (const [mark, seen] of from[name].first) add(into[name], mark, seen);
    for (const [mark, others] of from[name].others) for (const seen of others) add(into[name], mark, seen);
  }
  into.page ||= from.page;
  into.shown += from.shown;
  into.full ||= from.full;
}

function finish(state: LeaksState): Finding {
  const found = [...leaksOf(state.ids, 'was given the session id'), ...leaksOf(state.owners, 'was shown the session')];
  const total = found.reduce((sum, leak) => sum + leak.count, 0);
  const exact = state.page && !state.full;
  const value = state.shown === 0 ? null : total;
  const measure = number('safety.leaks', {}, value, state.page ? 'L3' : 'L0', exact ? 'exact' : 'lower');
  const evidence = found.map((leak) => leak.evidence).sort((a, b) => a.at - b.at || a.user - b.user || (a.text < b.text ? -1 : 1));
  return { measures: [{ ...measure, n: state.shown }], evidence: evidence.slice(0, 3), doubts: [] };
}

function leaksOf({ first, others }: Sightings, what: string): { count: number; evidence: Evidence }[] {
  return [...others].flatMap(([mark, sightings]) => {
    const owner = first.get(mark);
    return sightings.map(({ user, at, count }) => {
      const had = owner === undefined ? 'somebody else' : `user ${owner.user}`;
      const since = owner === undefined ? '' : `, at ${atSecond(owner.at)}`;
      const text = `user ${user} ${what} of ${had} at ${atSecond(at)} (${count} answers); ${had} had it first${since}`;
      return { count, evidence: { measure: 'safety.leaks' as const, labels: {}, user, at, text } };
    });
  });
}

interface Flat {
  readonly first: readonly [string, Sighting][];
  readonly others: readonly [string, Sighting[]][];
}

function flat({ first, others }: Sightings): Flat {
  return { first: [...first], others: [...others] };
}

function unflat(from: Encoded): LeaksState {
  const { ids, owners, ...rest } = plain<Omit<LeaksState, 'ids' | 'owners'> & { ids: Flat; owners: Flat }>(from);
  const sightings = ({ first, others }: Flat): Sightings => ({ first: new Map(first), others: new Map(others) });
  return { ...rest, ids: sightings(ids), owners: sightings(owners) };
}
