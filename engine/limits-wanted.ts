// How many connections a load wants at one time, foreseen from the workload alone.

import type { EgressShare } from '../model/egress.ts';
import type { Shard } from '../model/shard.ts';
import { type Micros, SECOND } from '../model/units.ts';
import type { Phase, Scenario, Step, Users, Workload } from '../model/workload.ts';
import { crowd } from './plan/population.ts';
import { endOf, timetable } from './plan/timetable.ts';
import { IDLE_KEPT } from './transport/connection.ts';

/** A number of connections open at one time. */
export interface Need {
  /** So many are needed at some time, whatever the target does. */
  readonly surely: number;
  /** More are not to be expected. */
  readonly atMost: number;
}

export interface ConnectionsWanted {
  readonly inAll: Need;
  /** From the source address that has the most of them. */
  readonly perSource: Need;
}

/**
 * What the shard's users want. Each has one request on its way at most, and a connection for every exit of his that was used within the last
 * 115 s, for so long an idle one is kept.
 *
 * Closed model: `surely` counts all users of the largest phase when no flow ever pauses, else those who begin at one instant with a request.
 * Open model: nothing is sure, because it depends on how fast the answers come. `atMost` are then the users there may be at one time, and
 * those who left within the last 115 s, whose connections lie idle if nobody else leaves by their exits.
 *
 * `atMost` takes each egress policy at its share of the users and `same24` at its mean, so that a run can exceed it by a little.
 */
export function connectionsWanted(workload: Workload, shard: Shard): ConnectionsWanted {
  const crowds = crowdsOf(workload);
  const surely = part(crowds.atOnce, shard);
  const present = part(crowds.present, shard);
  const recent = present + part(crowds.gone, shard);
  const inAll = { surely, atMost: Math.ceil(recent * meanExits(workload, crowds)) };
  if (workload.users.via.via !== 'bind') return { inAll, perSource: inAll };
  const perSource = {
    surely: Math.min(surely, perAddress(workload.users, crowds.atOnce, shard)),
    atMost: Math.min(inAll.atMost, perAddress(workload.users, crowds.present + crowds.gone, shard)),
  };
  return { inAll, perSource };
}

/** Numbers of users in the whole run. */
interface Crowds {
  /** With a request on its way at the same instant, for certain. */
  readonly atOnce: number;
  /** There at one time. */
  readonly present: number;
  /** Gone for less time than their connections are kept. */
  readonly gone: number;
  readonly duration: Micros;
}

function crowdsOf({ phases, scenarios, users, http }: Workload): Crowds {
  const slots = timetable(phases);
  const duration = endOf(slots);
  if (phases.some(({ model }) => model === 'open')) {
    const arriving = expectedArrivals(phases);
    const gone = http.connections === 'per_exit' ? Math.min(arriving, (peakRate(phases) * IDLE_KEPT) / SECOND) : 0;
    return { atOnce: 0, present: Math.min(users.count, Math.ceil(arriving)), gone: Math.ceil(gone), duration };
  }
  const present = crowd(slots);
  const atOnce = !scenarios.some(pauses) ? present : scenarios.every(beginsWithRequest) ? largestLeap(phases) : 0;
  return { atOnce, present, gone: 0, duration };
}

function expectedArrivals(phases: readonly Phase[]): number {
  return phases.reduce((sum, phase) => sum + (phase.model === 'open' ? ((phase.from + phase.to) / 2) * (phase.duration / SECOND) : 0), 0);
}

/** Arrivals per second at the busiest time. */
function peakRate(phases: readonly Phase[]): number {
  return Math.max(0, ...phases.map((phase) => (phase.model === 'open' ? Math.max(phase.from, phase.to) : 0)));
}

/** Most users who begin at one instant: a phase starts with more of them than the one before had in the end. */
function largestLeap(phases: readonly Phase[]): number {
  let before = 0;
  let largest = 0;
  for (const phase of phases) {
    if (phase.model !== 'closed') continue;
    largest = Math.max(largest, Math.ceil(phase.from) - Math.ceil(before));
    before = phase.to;
  }
  return largest;
}

function pauses({ flow }: Scenario): boolean {
  const within = (steps: readonly Step[]): boolean =>
    steps.some((step) => step.kind === 'think' || (step.kind === 'loop' && (step.pace !== null || within(step.steps))));
  return within(flow);
}

function beginsWithRequest({ flow }: Scenario): boolean {
  const first = (steps: readonly Step[]): Step | undefined => (steps[0]?.kind === 'loop' ? first(steps[0].steps) : steps[0]);
  return first(flow)?.kind === 'request';
}

/** Exits per user that can have a connection at one time. */
function meanExits({ users }: Workload, { duration }: Crowds): number {
  const weight = users.egress.reduce((sum, share) => sum + share.weight, 0);
  return users.egress.reduce((sum, share) => sum + exitsInUse(share, duration) * (share.weight / weight), 0);
}

function exitsInUse(policy: EgressShare, duration: Micros): number {
  switch (policy.policy) {
    case 'fixed':
    case 'shared':
      return 1;
    case 'same24':
      return 1 + Math.min(duration, IDLE_KEPT) / policy.every;
    case 'pingpong':
      return 2;
    default:
      return policy.exits;
  }
}

/** Users of the shard who may have a connection from one address, when the run has `count` of them. */
function perAddress({ egress, pool }: Users, count: number, shard: Shard): number {
  const weight = egress.reduce((sum, share) => sum + share.weight, 0);
  const widest = Math.max(...egress.map((share) => (share.policy === 'shared' ? 1 : Math.ceil(exitsInUse(share, 0)))));
  const addresses = Math.max(1, Math.floor(2 ** (32 - pool.prefix) * HOSTS));
  const most = egress.map((share) => {
    if (share.policy !== 'shared') return (count * widest) / addresses;
    const users = (count * share.weight) / weight;
    return share.sizes === 'even' ? users / share.exits : users / harmonic(share.exits);
  });
  return Math.min(part(count, shard), Math.ceil(Math.max(...most) - ROUNDING));
}

/** What sums of fractions may be off by. */
const ROUNDING = 1e-9;
/** The part of a /24 that exits are taken from. */
const HOSTS = 254 / 256;

/** 1 + 1/2 + ... + 1/n: under Zipf(1) the largest of n gets one part of so many. */
function harmonic(n: number): number {
  let sum = 0;
  for (let k = 1; k <= n; k++) sum += 1 / k;
  return sum;
}

/** The largest part that any shard gets of so many users. */
function part(users: number, { of }: Shard): number {
  return Math.ceil(users / of);
}
