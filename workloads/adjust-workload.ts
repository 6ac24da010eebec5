// What the command line may change about a workload.

import { StickyError } from '../model/errors.ts';
import type { Fault } from '../model/fault.ts';
import type { Micros } from '../model/units.ts';
import type { Phase, Users, Workload } from '../model/workload.ts';
import { LAB_FAULTS } from './blocks/faults.ts';
import { peak } from './blocks/phases.ts';
import { bareTarget, leadsToLoopback } from './blocks/target.ts';
import { hideUrl } from './hide-secrets.ts';
import { formatDuration } from './values/duration.ts';
import { readHttpUrl } from './values/leaves.ts';

export interface Adjustments {
  readonly seed?: number | undefined;
  /** The most users that the closed phases reach; the most at one time in the open model. */
  readonly users?: number | undefined;
  /** Length of all phases together that are not warm-ups. */
  readonly duration?: Micros | undefined;
  /** URL of the user's own deployment, in place of the lab or of the target in the file. */
  readonly target?: string | undefined;
}

/**
 * The workload with changes from outside.
 * - `users` scales all levels of the closed phases, so that the highest becomes this number. Open phases keep their rates, and `users` is the
 *   most users at one time.
 * - `duration` scales the phases that are not warm-ups. Faults move along: each stays at the same point of its phase, and its length is
 *   scaled as that phase is. Think times, and the balancer's and Tomcat's own times, stay as they are: a much shortened run may see no recovery.
 * - `target` takes the place of the lab. Nothing is known of it but its address and, if the file has one, its `identify` block. Where source
 *   addresses would be bound that lead to this machine only, they are sent as X-Forwarded-For.
 * @throws StickyError TARGET_INVALID; FAULT_IMPOSSIBLE, naming the first fault that only a lab can have; USAGE for numbers that make no run.
 */
export function adjustWorkload(workload: Workload, changes: Adjustments): Workload {
  let adjusted = workload;
  if (changes.seed !== undefined) adjusted = { ...adjusted, seed: wholeNumber(changes.seed, 0, 'seed') };
  if (changes.users !== undefined) adjusted = withUsers(adjusted, wholeNumber(changes.users, 1, 'users'));
  if (changes.duration !== undefined) adjusted = withDuration(adjusted, wholeNumber(changes.duration, 1, 'duration'));
  if (changes.target !== undefined) adjusted = withTarget(adjusted, changes.target);
  return adjusted;
}

function wholeNumber(value: number, least: number, what: string): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new StickyError('USAGE', `${what} is a whole number, ${least} or more; got ${value}.`);
}

function withUsers(workload: Workload, users: number): Workload {
  const scale = users / peak(workload.phases);
  const phases = workload.phases.map((phase): Phase => {
    if (phase.model === 'open') return phase;
    return { ...phase, from: Math.round(phase.from * scale), to: Math.round(phase.to * scale) };
  });
  return { ...workload, phases, users: { ...workload.users, count: users } };
}

function withDuration(workload: Workload, duration: Micros): Workload {
  const judged = workload.phases.filter((phase) => !phase.warmup).reduce((sum, phase) => sum + phase.duration, 0);
  const scale = duration / judged;
  const phases = workload.phases.map((phase) => {
    return phase.warmup ? phase : { ...phase, duration: Math.max(1, Math.round(phase.duration * scale)) };
  });
  return { ...workload, phases, faults: workload.faults.map((fault) => movedFault(fault, workload.phases, phases, scale)) };
}

function movedFault(fault: Fault, before: readonly Phase[], after: readonly Phase[], scale: number): Fault {
  let began = 0;
  let begins = 0;
  for (const [index, phase] of before.entries()) {
    if (fault.at < began + phase.duration || index === before.length - 1) {
      const stretch = phase.warmup ? 1 : scale;
      const duration = fault.duration === null ? null : Math.max(1, Math.round(fault.duration * stretch));
      return { ...fault, at: begins + Math.floor((fault.at - began) * stretch), duration };
    }
    began += phase.duration;
    begins += after[index]?.duration ?? 0;
  }
  return fault;
}

function withTarget(workload: Workload, url: string): Workload {
  const known = readHttpUrl(url);
  if (!known.ok) throw new StickyError('TARGET_INVALID', `${hideUrl(url)} is not an http or https URL.`, known.hint);
  const { target, faults, users } = workload;
  const impossible = faults.find(({ action }) => LAB_FAULTS.some((kind) => kind === action.kind));
  if (impossible !== undefined) {
    const { kind, target } = impossible.action;
    const what = `faults[${faults.indexOf(impossible)}], ${kind} ${target} at ${formatDuration(impossible.at)},`;
    throw new StickyError(
      'FAULT_IMPOSSIBLE',
      `${what} cannot be done to ${hideUrl(url)}: stickybench hurts only processes that it started itself.`,
    );
  }
  const own = target.kind === 'own' ? { ...target, url } : bareTarget(url);
  return { ...workload, target: own, users: reaching(url, users) };
}

/** Loopback addresses can be bound, but lead only to this machine. */
function reaching(url: string, users: Users): Users {
  if (users.via.via !== 'bind' || leadsToLoopback(url) || !users.pool.address.startsWith('127.')) return users;
  return { ...users, via: { via: 'header', header: 'X-Forwarded-For' } };
}
