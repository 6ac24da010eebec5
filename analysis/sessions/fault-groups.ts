// The users of a hurt backend and, as control, everybody else: who lost a session to each fault.

import type { Cause } from '../../model/cause.ts';
import type { Measure } from '../../model/measure.ts';
import type { Micros } from '../../model/units.ts';
import { wilson } from '../intervals.ts';
import { fraction, type Labels, sampled } from '../measures.ts';
import type { Explanation } from './loss.ts';

/** One user with a live session when a fault began. */
interface Member {
  readonly group: 'hurt' | 'control';
  /** First request answered or not, by the time it was sent, after the fault began. */
  firstSent: Micros | null;
  lost: boolean;
}

/** The users of one fault, by user number. `ended` is null while the fault holds. */
export interface FaultGroups {
  readonly fault: number;
  readonly target: string;
  readonly began: Micros;
  ended: Micros | null;
  members: Record<string, Member>;
}

export function noteRequest(groups: readonly FaultGroups[], user: number, sent: Micros): void {
  for (const fault of groups) {
    const member = fault.members[user];
    if (member !== undefined && member.firstSent === null && sent > fault.began) member.firstSent = sent;
  }
}

/** Causes that are a control user's own, and no sign that the fault reached him. */
const OWN_REASONS: readonly Cause[] = ['egress', 'failback'];

/**
 * Notes a loss. In the hurt group a failover by that very fault counts; in the control group any loss while the fault could be felt, unless
 * another fault explains it or it is the user's own (his address changed, his old home came back).
 */
export function noteLoss(groups: readonly FaultGroups[], user: number, at: Micros, { cause, fault }: Explanation, settle: Micros): void {
  for (const group of groups) {
    const member = group.members[user];
    if (member === undefined || at < group.began) continue;
    const felt = group.ended === null || at <= group.ended + settle;
    const counts =
      member.group === 'hurt'
        ? cause === 'failover' && fault === group.fault
        : felt && !OWN_REASONS.includes(cause) && (fault === null || fault === group.fault);
    if (counts) member.lost = true;
  }
}

export function addGroups(into: FaultGroups[], from: readonly FaultGroups[]): void {
  for (const other of from) {
    const same = into.find((group) => group.fault === other.fault);
    if (same === undefined) into.push({ ...other, members: { ...other.members } });
    else {
      same.ended ??= other.ended;
      Object.assign(same.members, other.members);
    }
  }
}

/**
 * session.loss_rate{fault, group}: |users who lost| / |users who sent a request after the fault began|, users of the hurt backend and the
 * control group; without the label `fault`, over all faults. session.dormant{fault}: users of the hurt backend who sent nothing until it
 * was back and lost nothing.
 */
export function groupMeasures(groups: readonly FaultGroups[]): readonly Measure[] {
  if (groups.length === 0) return [];
  return [...lossRates(groups, {}), ...groups.flatMap((group) => [...lossRates([group], { fault: String(group.fault) }), dormant(group)])];
}

function lossRates(groups: readonly FaultGroups[], labels: Labels): readonly Measure[] {
  const members = groups.flatMap((group) => Object.values(group.members)).filter((member) => member.firstSent !== null);
  return (['hurt', 'control'] as const).map((group) => {
    const active = members.filter((member) => member.group === group);
    const lost = active.filter((member) => member.lost).length;
    return fraction('session.loss_rate', { ...labels, group }, lost, active.length, wilson(lost, active.length), 'L1');
  });
}

function dormant(fault: FaultGroups): Measure {
  const hurt = Object.values(fault.members).filter((member) => member.group === 'hurt');
  const { ended } = fault;
  const quiet = hurt.filter((member) => !member.lost && (member.firstSent ?? Number.POSITIVE_INFINITY) > (ended ?? 0));
  return sampled('session.dormant', { fault: String(fault.fault) }, ended === null ? null : quiet.length, hurt.length, 'L1');
}
