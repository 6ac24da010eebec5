// Affinity: does a request with a live session reach the backend that holds it?

import type { Exchange } from '../../model/entry.ts';
import type { Measure } from '../../model/measure.ts';
import { addressKey } from '../../model/strategy.ts';
import type { Micros } from '../../model/units.ts';
import { type FaultLog, faultMeeting, WINDOWS, type Window } from '../fault-log.ts';
import { type Names, nameOf } from '../flat/names.ts';
import { wilson } from '../intervals.ts';
import { fraction, number, sampled } from '../measures.ts';
import { egressOf, type Ledger } from './ledger.ts';
import type { SessionRow } from './session-row.ts';

/** Counts of eligible requests: those with a live session, an ok answer and a known backend. */
interface Tally {
  eligible: number;
  hits: number;
  justified: number;
  violations: number;
}

export type KeyChange = 'same' | 'changed';

/** Tallies split by whether key(ip) is that of the creating request, and by where the request lies relative to the faults. */
export type AffinityCounts = Record<KeyChange, Record<Window, Tally>>;

const KEYS: readonly KeyChange[] = ['same', 'changed'];

export type Hit = 'hit' | 'justified' | 'violation';

export function noTallies(): AffinityCounts {
  const windows = () => ({ before: noTally(), during: noTally(), after: noTally() });
  return { same: windows(), changed: windows() };
}

function noTally(): Tally {
  return { eligible: 0, hits: 0, justified: 0, violations: 0 };
}

/**
 * hit, justified miss or violation. A miss is justified when the home was not up at some time in [sent - settle, done], `settle` being the
 * balancer's fail_timeout and a second: it may still be skipping a home that is back.
 */
export function judgeHit(session: SessionRow, backend: number, exchange: Exchange, { faults, settle, backends }: Around): Hit {
  if (backend === session.home) return 'hit';
  if (backend === session.formerHome && exchange.sent < session.moved) return 'hit';
  const home = nameOf(backends, session.home);
  return home !== null && faultMeeting(faults, home, exchange.sent - settle, exchange.done) !== null ? 'justified' : 'violation';
}

/** What a miss is judged against. */
interface Around {
  readonly faults: FaultLog;
  /** How long after its end a fault may still be felt. */
  readonly settle: Micros;
  readonly backends: Names;
}

export function tallyHit(counts: AffinityCounts, key: KeyChange, window: Window, hit: Hit): void {
  const tally = counts[key][window];
  tally.eligible += 1;
  if (hit === 'hit') tally.hits += 1;
  else if (hit === 'justified') tally.justified += 1;
  else tally.violations += 1;
}

/** Whether key(ip) of the request is that of the request which created its session. */
export function keyChange(ledger: Ledger, session: SessionRow, { egress }: Exchange): KeyChange {
  const made = egressOf(ledger, session);
  return egress === made || addressKey(egress) === addressKey(made) ? 'same' : 'changed';
}

export function addTallies(into: AffinityCounts, from: AffinityCounts): void {
  for (const key of KEYS) for (const window of WINDOWS) add(into[key][window], from[key][window]);
}

function add(into: Tally, from: Tally): void {
  into.eligible += from.eligible;
  into.hits += from.hits;
  into.justified += from.justified;
  into.violations += from.violations;
}

/**
 * The affinity measures. `seen` says whether any answer named its backend; without one nothing is observable. `homes` is false where a
 * session has no home (shared store, nothing binds): correctness and violations have no meaning there and are left out. `hurt`: there was a
 * fault, so that there is a before, a during and an after to tell of.
 */
export function affinityMeasures(counts: AffinityCounts, seen: boolean, homes: boolean, hurt: boolean): readonly Measure[] {
  const measures = describe(total(counts, KEYS, WINDOWS), {}, seen, homes);
  for (const key of KEYS) measures.push(...describe(total(counts, [key], WINDOWS), { key }, seen, homes));
  for (const window of WINDOWS) {
    const tally = total(counts, KEYS, [window]);
    if (tally.eligible === 0 && !(seen && hurt)) continue;
    measures.push(number('affinity.eligible', { window }, tally.eligible, 'L1'), rawAffinity(tally, { window }));
  }
  return measures;
}

function describe(tally: Tally, labels: Record<string, string>, seen: boolean, homes: boolean): Measure[] {
  if (!seen) return unseen(labels, homes);
  const measures = [
    number('affinity.eligible', labels, tally.eligible, 'L1'),
    rawAffinity(tally, labels),
    number('affinity.justified', labels, tally.justified, 'L1'),
  ];
  if (homes)
    measures.push(
      sampled('affinity.violations', labels, tally.violations, tally.eligible - tally.justified, 'L1'),
      correctness(tally, labels),
    );
  return measures;
}

function unseen(labels: Record<string, string>, homes: boolean): Measure[] {
  const names = ['affinity.eligible', 'affinity.raw', 'affinity.justified'] as const;
  const judged = homes ? (['affinity.violations', 'affinity.correctness'] as const) : [];
  return [...names, ...judged].map((name) => number(name, labels, null, 'L1'));
}

function rawAffinity(tally: Tally, labels: Record<string, string>): Measure {
  return fraction('affinity.raw', labels, tally.hits, tally.eligible, wilson(tally.hits, tally.eligible), 'L1');
}

/** A = 1 - |violations| / |eligible - justified|. */
function correctness(tally: Tally, labels: Record<string, string>): Measure {
  const n = tally.eligible - tally.justified;
  return fraction('affinity.correctness', labels, n - tally.violations, n, wilson(n - tally.violations, n), 'L1');
}

function total(counts: AffinityCounts, keys: readonly KeyChange[], windows: readonly Window[]): Tally {
  const sum = noTally();
  for (const key of keys) for (const window of windows) add(sum, counts[key][window]);
  return sum;
}
