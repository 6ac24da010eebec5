// The users of a hurt backend and, as control, everybody else: who lost a session to each fault.

import type { Cause } from '../../model/cause.ts';
import type { FaultEvent } from '../../model/entry.ts';
import type { Measure } from '../../model/measure.ts';
import type { Micros } from '../../model/units.ts';
import { decodeInts, type EncodedColumn, eachUser, encodeColumn, type IntColumn, intOf, newColumn, setInt } from '../flat/column.ts';
import { NO_NAME } from '../flat/names.ts';
import { wilson } from '../intervals.ts';
import { fraction, type Labels, sampled } from '../measures.ts';
import type { Ledger } from './ledger.ts';
import type { Explanation } from './loss.ts';
import { LOST, NEVER } from './session-row.ts';

/** The users of one fault. `ended` is null while the fault holds. */
export interface FaultGroups {
  readonly fault: number;
  readonly target: string;
  readonly began: Micros;
  ended: Micros | null;
  /** The target is somebody's home. The store and the balancer are not: there is no group to set against another. */
  homed: boolean;
  /** What `MEMBER` says of each user with a live session when the fault began, by user; 0 for the others. */
  readonly members: IntColumn;
  /** How many users there are of whom the same is said, so that nobody has to go through them at the end. */
  readonly counts: number[];
}

/** A member is of one group, and what else is so. */
const MEMBER = {
  /** At home on the hurt backend. */
  HURT: 1,
  /** At home elsewhere. */
  CONTROL: 2,
  /** He sent a request after the fault began. */
  ACTIVE: 4,
  /** He did so before it had ended. */
  EARLY: 8,
  LOST: 16,
} as const;

const KINDS = 32;

function newGroups(fault: number, target: string, began: Micros): FaultGroups {
  return { fault, target, began, ended: null, homed: false, members: newColumn(), counts: new Array(KINDS).fill(0) };
}

function addMember({ members, counts }: FaultGroups, user: number, member: number): void {
  setInt(members, user, member);
  counts[member] = (counts[member] as number) + 1;
}

/** U_f and the control group: every user with a live session at the moment the fault began. `listed`: the target is a backend of the set-up. */
export function groupsAt(ledger: Ledger, { fault, target, at }: FaultEvent, listed: boolean, sessionTimeout: Micros): FaultGroups {
  const groups = newGroups(fault, target, at);
  const hurt = ledger.backends.texts.indexOf(target);
  groups.homed = listed;
  eachUser(ledger.latest, (user, latest) => {
    const session = ledger.other.on(latest - 1);
    if (session.home === NO_NAME) return;
    if (session.home === hurt) groups.homed = true;
    const over = session.ended !== NEVER || at - session.seen >= sessionTimeout || (session.flags & LOST) !== 0;
    if (!over) addMember(groups, user, session.home === hurt ? MEMBER.HURT : MEMBER.CONTROL);
  });
  return groups;
}

function change(groups: FaultGroups, user: number, from: number, to: number): void {
  groups.counts[from] = (groups.counts[from] as number) - 1;
  addMember(groups, user, to);
}

/** A request counts from the time it was sent, answered or not. */
export function noteRequest(all: readonly FaultGroups[], user: number, sent: Micros): void {
  for (const groups of all) {
    const member = intOf(groups.members, user);
    if (member === 0 || (member & MEMBER.ACTIVE) !== 0 || sent <= groups.began) continue;
    const early = groups.ended === null || sent <= groups.ended;
    change(groups, user, member, member | MEMBER.ACTIVE | (early ? MEMBER.EARLY : 0));
  }
}

/** Causes that are a control user's own, and no sign that the fault reached him. */
const OWN_REASONS: readonly Cause[] = ['egress', 'failback'];

/**
 * Notes a loss. In the hurt group a failover by that very fault counts; in the control group any loss while the fault could be felt, unless
 * another fault explains it or it is the user's own (his address changed, his old home came back).
 */
export function noteLoss(all: readonly FaultGroups[], user: number, at: Micros, { cause, fault }: Explanation, settle: Micros): void {
  for (const groups of all) {
    const member = intOf(groups.members, user);
    if (member === 0 || (member & MEMBER.LOST) !== 0 || at < groups.began) continue;
    const felt = groups.ended === null || at <= groups.ended + settle;
    const counts =
      (member & MEMBER.HURT) !== 0
        ? cause === 'failover' && fault === groups.fault
        : felt && !OWN_REASONS.includes(cause) && (fault === null || fault === groups.fault);
    if (counts) change(groups, user, member, member | MEMBER.LOST);
  }
}

export function addGroups(into: FaultGroups[], from: readonly FaultGroups[]): void {
  for (const other of from) {
    const known = into.find((groups) => groups.fault === other.fault);
    const same = known ?? newGroups(other.fault, other.target, other.began);
    if (known === undefined) into.push(same);
    same.ended ??= other.ended;
    same.homed ||= other.homed;
    eachUser(other.members, (user, member) => addMember(same, user, member));
  }
}

/**
 * session.loss_rate{fault, group}: |users who lost| / |users who sent a request after the fault began|, users of the hurt backend and the
 * control group; without the label `fault`, over all faults. session.dormant{fault}: users of the hurt backend who sent nothing until it
 * was back and lost nothing.
 */
export function groupMeasures(groups: readonly FaultGroups[]): readonly Measure[] {
  const all = groups.filter(({ homed }) => homed);
  if (all.length === 0) return [];
  return [...lossRates(all, {}), ...all.flatMap((groups) => [...lossRates([groups], { fault: String(groups.fault) }), dormant(groups)])];
}

function lossRates(all: readonly FaultGroups[], labels: Labels): readonly Measure[] {
  return (['hurt', 'control'] as const).map((group) => {
    const kind = group === 'hurt' ? MEMBER.HURT : MEMBER.CONTROL;
    const active = sum(all, (groups) => countOf(groups, kind | MEMBER.ACTIVE, 0));
    const lost = sum(all, (groups) => countOf(groups, kind | MEMBER.ACTIVE | MEMBER.LOST, 0));
    return fraction('session.loss_rate', { ...labels, group }, lost, active, wilson(lost, active), 'L1');
  });
}

function sum(all: readonly FaultGroups[], part: (groups: FaultGroups) => number): number {
  return all.reduce((total, groups) => total + part(groups), 0);
}

/** How many members are all of `these` and none of `those`. */
function countOf({ counts }: FaultGroups, these: number, those: number): number {
  return counts.reduce((total, n, member) => ((member & these) === these && (member & those) === 0 ? total + n : total), 0);
}

function dormant(groups: FaultGroups): Measure {
  const quiet = groups.ended === null ? null : countOf(groups, MEMBER.HURT, MEMBER.EARLY | MEMBER.LOST);
  return sampled('session.dormant', { fault: String(groups.fault) }, quiet, countOf(groups, MEMBER.HURT, 0), 'L1');
}

export type EncodedGroups = {
  readonly fault: number;
  readonly target: string;
  readonly began: Micros;
  readonly ended: Micros | null;
  readonly homed: boolean;
  readonly members: EncodedColumn;
};

export function encodeGroups({ fault, target, began, ended, homed, members }: FaultGroups): EncodedGroups {
  return { fault, target, began, ended, homed, members: encodeColumn(members) };
}

export function decodeGroups({ fault, target, began, ended, homed, members }: EncodedGroups): FaultGroups {
  const groups = { ...newGroups(fault, target, began), ended, homed };
  eachUser(decodeInts(members), (user, member) => addMember(groups, user, member));
  return groups;
}
