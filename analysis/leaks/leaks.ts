// The analyzer of session leaks: did any user see the session of another?

import type { Analyzer, Encoded } from '../../model/analyzer.ts';
import type { Entry } from '../../model/entry.ts';
import type { Evidence, Finding } from '../../model/measure.ts';
import { atSecond, number } from '../measures.ts';
import { markOf } from './mark.ts';
import {
  addSightings,
  decodeSightings,
  type EncodedSightings,
  encodeSightings,
  type Leak,
  leaksIn,
  noSightings,
  type Sightings,
  sight,
} from './sightings.ts';

/** Marks remembered of each kind: those of four million sessions. Beyond, the result is a lower bound. */
const MOST = 4_194_304;

/** Bounded by `MOST`, whatever the number of requests. */
export interface LeaksState {
  /** Of the cores of ids, as they were set. */
  readonly ids: Sightings;
  /** Of the nonces of owners, as they were shown. */
  readonly owners: Sightings;
  page: boolean;
  /** Answers that showed a mark. */
  shown: number;
  /** There were more marks than could be remembered: the result is a lower bound. */
  full: boolean;
}

/** Hex digits of the core of an id and of an owner's nonce, as the record disguises them. */
const ID_DIGITS = 16;
const OWNER_DIGITS = 12;

/**
 * A leak is an answer that shows user u the nonce of another user, or sets for u an id that was set for another before. The user who had
 * a mark first owns it; every sighting by anybody else is a leak.
 */
export const leaks: Analyzer<LeaksState> = {
  name: 'leaks',
  init: () => ({ ids: noSightings(MOST), owners: noSightings(MOST), page: false, shown: 0, full: false }),
  step,
  merge,
  finish,
  encode: ({ ids, owners, ...rest }) => ({ ...rest, ids: encodeSightings(ids), owners: encodeSightings(owners) }),
  decode,
};

function step(state: LeaksState, entry: Entry): void {
  if (entry.kind !== 'exchange' || entry.outcome.kind !== 'answered') return;
  const { set, owner } = entry.outcome;
  if (set === null && owner === null) return;
  state.shown += 1;
  if (set !== null && !sight(state.ids, markOf(set, coreEnd(set), ID_DIGITS), entry.user, entry.done)) state.full = true;
  if (owner === null) return;
  state.page = true;
  if (!sight(state.owners, markOf(owner, owner.length, OWNER_DIGITS), entry.user, entry.done)) state.full = true;
}

/** Where the core of a tag ends: at its first dot. */
function coreEnd(tag: string): number {
  const dot = tag.indexOf('.');
  return dot < 0 ? tag.length : dot;
}

function merge(into: LeaksState, from: LeaksState): void {
  const room = [addSightings(into.ids, from.ids), addSightings(into.owners, from.owners)];
  into.page ||= from.page;
  into.shown += from.shown;
  into.full ||= from.full || room.includes(false);
}

function finish(state: LeaksState): Finding {
  const ids = leaksIn(state.ids);
  const owners = leaksIn(state.owners);
  const exact = state.page && !state.full;
  const value = state.shown === 0 ? null : answers(ids) + answers(owners);
  const measure = number('safety.leaks', {}, value, state.page ? 'L3' : 'L0', exact ? 'exact' : 'lower');
  const evidence = [...told(ids, 'was given the session id'), ...told(owners, 'was shown the session')];
  return { measures: [{ ...measure, n: state.shown }], evidence: evidence.sort(inOrder).slice(0, KEPT), doubts: [] };
}

function answers(leaks: readonly Leak[]): number {
  return leaks.reduce((sum, { seen }) => sum + seen.count, 0);
}

/** Leaks told. */
const KEPT = 3;

/** The earliest in words. There may be as many leaks as users, so only those are put into words that may be among the first. */
function told(leaks: readonly Leak[], what: string): readonly Evidence[] {
  const sorted = [...leaks].sort(({ seen: a }, { seen: b }) => a.at - b.at || a.user - b.user);
  const last = sorted[KEPT - 1]?.seen;
  const first = sorted.filter(({ seen: { at, user } }) => last === undefined || at < last.at || (at === last.at && user <= last.user));
  return first.map((leak) => tell(leak, what));
}

function tell({ seen: { user, at, count }, first }: Leak, what: string): Evidence {
  const owner = `user ${first.user}`;
  const text = `user ${user} ${what} of ${owner} at ${atSecond(at)} (${count} answers); ${owner} had it first, at ${atSecond(first.at)}`;
  return { measure: 'safety.leaks', labels: {}, user, at, text };
}

function inOrder(a: Evidence, b: Evidence): number {
  return a.at - b.at || a.user - b.user || (a.text < b.text ? -1 : 1);
}

interface EncodedState extends Omit<LeaksState, 'ids' | 'owners'> {
  readonly ids: EncodedSightings;
  readonly owners: EncodedSightings;
}

function decode(_: unknown, from: Encoded): LeaksState {
  const { ids, owners, ...rest } = from as unknown as EncodedState;
  return { ...rest, ids: decodeSightings(ids), owners: decodeSightings(owners) };
}
