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
  readonly exits: Exits;
  readonly seed: number;
}

/** A user's own state. */
export interface Source {
  readonly share: number;
  readonly policy: EgressShare;
  readonly egress: Egress;
  readonly random: Random;
  /** Address of each exit used so far: one text object for one address, because connections are looked up by it. */
  readonly addresses: string[];
  move: number;
}

/** A stream that is never drawn from: most users have one exit for good. */
const UNUSED: Random = { a: 0, b: 0, c: 0, counter: 0 };

export function sourceOf(user: number, now: Micros, { shares, seed }: Origins): Source {
  const index = share(
    shares.map(({ weight }) => weight),
    seed,
    user,
    'egress',
  );
  const policy = shares[index];
  if (policy === undefined) throw new Error('a workload has at least one egress policy');
  const stream = policy.policy === 'fixed' ? UNUSED : random(seed, user, 'egress');
  return { share: index, policy, egress: enter(policy, user, now, stream), random: stream, addresses: [], move: 0 };
}

/** The address to send from now. `closed`: the connection of the user's last request is gone. */
export function addressOf(source: Source, user: number, now: Micros, closed: boolean, origins: Origins): string {
  const { egress, addresses } = source;
  proceed(egress, source.policy, now, closed, source.random);
  if (egress.move !== source.move) {
    source.move = egress.move;
    addresses.length = 0;
  }
  const known = addresses[egress.exit];
  if (known !== undefined) return known;
  const address =
    source.policy.policy === 'shared' ? origins.exits.common(source.share, egress.exit) : origins.exits.own(user, egress.exit, egress.move);
  addresses[egress.exit] = address;
  return address;
}
