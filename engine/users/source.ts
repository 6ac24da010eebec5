// The source address of a user's next request.

import type { EgressShare } from '../../model/egress.ts';
import type { Micros } from '../../model/units.ts';
import type { Users } from '../../model/workload.ts';
import { type Egress, enter, proceed } from '../plan/egress.ts';
import type { Exits } from '../plan/exits.ts';
import { share } from '../plan/mix.ts';
import { type Random, random } from '../plan/random.ts';

/** What is the same for all users. */
export interface Origins {
  readonly shares: Users['egress'];
  /** Weights of the shares. */
  readonly weights: readonly number[];
  readonly exits: Exits;
  readonly seed: number;
}

/** The state of a user whose address changes: where he is now, what he draws from, and what he has used. */
export interface Source extends Egress, Random {
  readonly policy: EgressShare;
  /** Address of each exit used since the last move: one text object for one address, because connections are looked up by it. */
  readonly addresses: string[];
  /** The move that `addresses` are of. */
  moved: number;
}

/** The address of a user who has the same one for good, under `fixed` and `shared`; null when his changes. */
export function homeOf(user: number, { shares, weights, exits, seed }: Origins): string | null {
  const index = share(weights, seed, user, 'egress');
  const policy = policyAt(shares, index);
  if (policy.policy === 'fixed') return exits.own(user, 0, 0);
  if (policy.policy !== 'shared') return null;
  return exits.common(index, enter(policy, user, 0, random(seed, user, 'egress')).exit);
}

/** A user whose address changes sends his first request. */
export function sourceOf(user: number, now: Micros, { shares, weights, seed }: Origins): Source {
  const policy = policyAt(shares, share(weights, seed, user, 'egress'));
  const stream = random(seed, user, 'egress');
  const { exit, move, until } = enter(policy, user, now, stream);
  const { a, b, c, counter } = stream;
  return { policy, exit, move, until, a, b, c, counter, addresses: [], moved: 0 };
}

/** The address to send from now. `closed`: the connection of the user's last request is gone. */
export function addressOf(source: Source, user: number, now: Micros, closed: boolean, { exits }: Origins): string {
  const { policy, addresses } = source;
  proceed(source, policy, now, closed, source);
  if (source.move !== source.moved) {
    source.moved = source.move;
    addresses.length = 0;
  }
  const known = addresses[source.exit];
  if (known !== undefined) return known;
  const address = exits.own(user, source.exit, source.move);
  addresses[source.exit] = address;
  return address;
}

function policyAt(shares: Users['egress'], index: number): EgressShare {
  const policy = shares[index];
  if (policy === undefined) throw new Error('a workload has at least one egress policy');
  return policy;
}
