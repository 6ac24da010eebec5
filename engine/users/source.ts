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

/** Who sends. */
interface Sender {
  readonly number: number;
  /** The address he sends from; empty before his first request. */
  exit: string;
  /** Where he has more than one address. */
  source: Source | null;
  /** The connection of his last request is gone: the next one opens another. */
  broken: boolean;
}

/** Puts the address to send from now into `exit`. */
export function locate(sender: Sender, now: Micros, origins: Origins): void {
  const { number, broken } = sender;
  if (sender.exit === '') settleDown(sender, now, origins);
  if (sender.source !== null) sender.exit = addressOf(sender.source, number, now, broken, origins);
  sender.broken = false;
}

/** Under `fixed` and `shared` a user has the same address for good; under all others he has a source. */
function settleDown(sender: Sender, now: Micros, origins: Origins): void {
  const { shares, weights, exits, seed } = origins;
  const { number } = sender;
  const place = share(weights, seed, number, 'egress');
  const policy = shares[place];
  if (policy === undefined) throw new Error('a workload has at least one egress policy');
  if (policy.policy === 'fixed') sender.exit = exits.own(number, 0, 0);
  else if (policy.policy === 'shared') sender.exit = exits.common(place, enter(policy, number, now, random(seed, number, 'egress')).exit);
  else sender.source = sourceOf(policy, number, now, seed);
}

/** A user whose address changes sends his first request. */
function sourceOf(policy: EgressShare, user: number, now: Micros, seed: number): Source {
  const stream = random(seed, user, 'egress');
  const { exit, move, until } = enter(policy, user, now, stream);
  const { a, b, c, counter } = stream;
  return { policy, exit, move, until, a, b, c, counter, addresses: [], moved: 0 };
}

/** The address to send from now. `closed`: the connection of the user's last request is gone. */
function addressOf(source: Source, user: number, now: Micros, closed: boolean, { exits }: Origins): string {
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
