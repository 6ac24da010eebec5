// The analyzer of session leaks: did any user see the session of another?

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import type { Entry, Exchange } from '../model/entry.ts';
import type { Evidence, Finding } from '../model/measure.ts';
import { core } from '../model/session.ts';
import { atSecond, number } from './measures.ts';
import { encoded } from './plain.ts';

/** Who showed up with one mark (the core of an id that was set, or an owner nonce): per user the first time and how often. */
type Sightings = Map<string, Map<number, { at: number; count: number }>>;

/** Marks remembered. Beyond it new marks are not followed, and the result is a lower bound. */
const MOST_MARKS = 1_000_000;

export interface LeaksState {
  readonly ids: Sightings;
  readonly owners: Sightings;
  page: boolean;
  answered: number;
  full: boolean;
}

/**
 * A leak is an answer that shows user u the nonce of another user, or sets for u an id that was set for another before. The user who had
 * a mark first owns it; every sighting by anybody else is a leak.
 */
export const leaks: Analyzer<LeaksState> = {
  name: 'leaks',
  init: () => ({ ids: new Map(), owners: new Map(), page: false, answered: 0, full: false }),
  step,
  merge,
  finish,
  encode: ({ ids, owners, ...rest }) => encoded({ ...rest, ids: flat(ids), owners: flat(owners) }),
  decode: (_, from) => unflat(from),
};

function step(state: LeaksState, entry: Entry): void {
  if (entry.kind !== 'exchange' || entry.outcome.kind !== 'answered') return;
  state.answered += 1;
  const { set, owner } = entry.outcome;
  if (set !== null) sight(state, state.ids, core(set), entry);
  if (owner === null) return;
  state.page = true;
  sight(state, state.owners, owner, entry);
}

function sight(state: LeaksState, sightings: Sightings, mark: string, { user, done }: Exchange): void {
  let users = sightings.get(mark);
  if (users === undefined) {
    if (sightings.size >= MOST_MARKS) {
      state.full = true;
      return;
    }
    users = new Map();
    sightings.set(mark, users);
  }
  const known = users.get(user);
  if (known === undefined) users.set(user, { at: done, count: 1 });
  else known.count += 1;
}

function merge(into: LeaksState, from: LeaksState): void {
  for (const name of ['ids', 'owners'] as const) {
    for (const [mark, users] of from[name]) {
      const mine = into[name].get(mark) ?? new Map<number, { at: number; count: number }>();
      for (const [user, seen] of users) mine.set(user, seen);
      into[name].set(mark, mine);
    }
  }
  into.page ||= from.page;
  into.answered += from.answered;
  into.full ||= from.full;
}

function finish(state: LeaksState): Finding {
  const found = [...leaksOf(state.ids, 'was given the session id'), ...leaksOf(state.owners, 'was shown the session')];
  const total = found.reduce((sum, leak) => sum + leak.count, 0);
  const exact = state.page && !state.full;
  const value = state.answered === 0 ? null : total;
  const measure = number('safety.leaks', {}, value, state.page ? 'L3' : 'L0', exact ? 'exact' : 'lower');
  const evidence = found.map((leak) => leak.evidence).sort((a, b) => a.at - b.at || a.user - b.user);
  return { measures: [{ ...measure, n: state.answered }], evidence: evidence.slice(0, 3), doubts: [] };
}

function leaksOf(sightings: Sightings, what: string): { count: number; evidence: Evidence }[] {
  return [...sightings.values()].flatMap((users) => {
    if (users.size < 2) return [];
    const [first, ...others] = [...users].sort(([a, x], [b, y]) => x.at - y.at || a - b);
    if (first === undefined) return [];
    return others.map(([user, { at, count }]) => {
      const text = `user ${user} ${what} of user ${first[0]} at ${atSecond(at)} (${count} answers); user ${first[0]} had it first, at ${atSecond(first[1].at)}`;
      return { count, evidence: { measure: 'safety.leaks' as const, labels: {}, user, at, text } };
    });
  });
}

type Flat = [string, [number, { at: number; count: number }][]][];

function flat(sightings: Sightings): Flat {
  return [...sightings].map(([mark, users]) => [mark, [...users]]);
}

function unflat(from: Encoded): LeaksState {
  const { ids, owners, ...rest } = from as unknown as Omit<LeaksState, 'ids' | 'owners'> & { ids: Flat; owners: Flat };
  const sightings = (marks: Flat): Sightings =>
    new Map(marks.map(([mark, users]) => [mark, new Map(users.map(([u, seen]) => [u, { ...seen }]))]));
  return { ...rest, ids: sightings(ids), owners: sightings(owners) };
}
