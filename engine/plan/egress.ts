// Which of his exits a user leaves by: a state machine over the time and the fate of his connection.

import type { EgressPolicy } from '../../model/egress.ts';
import { assertNever } from '../../model/never.ts';
import type { Micros } from '../../model/units.ts';
import { weighted } from './mix.ts';
import { exponential, pick, type Random, uniform } from './random.ts';

/** Where a user is now. */
export interface Egress {
  /** Which of his exits; for `shared` which of the common ones. */
  exit: number;
  /** Under `same24`: how often the last octet has changed. Otherwise 0. */
  move: number;
  /** When the state next changes by itself. For `per_connection` the connection is closed then, and the next one picks. */
  until: Micros;
}

/** The state of a user who arrives at `now`. */
export function enter(policy: EgressPolicy, user: number, now: Micros, random: Random): Egress {
  switch (policy.policy) {
    case 'fixed':
      return { exit: 0, move: 0, until: Number.POSITIVE_INFINITY };
    case 'same24':
      return { exit: 0, move: 0, until: now + stretch(random, policy.every) };
    case 'per_connection':
      return { exit: weighted(policy.weights, uniform(random)), move: 0, until: now + stretch(random, policy.lifetime) };
    case 'per_request':
      return { exit: pick(random, policy.exits), move: 0, until: now };
    case 'switch':
      return { exit: pick(random, policy.exits), move: 0, until: now + stretch(random, policy.dwell) };
    case 'pingpong':
      return { exit: 0, move: 0, until: now + stretch(random, policy.gap) };
    case 'shared':
      return { exit: sharedExit(policy, user, random), move: 0, until: Number.POSITIVE_INFINITY };
    default:
      return assertNever(policy);
  }
}

/**
 * Brings the state to `now`, before a request is sent. `closed`: the connection of the user's last request is gone, because it failed or the
 * server closed it with its answer; one that the server closes later, while it lies idle, is not known of and counts as open. Time passes
 * for the policies that are about the world (a phone moves whether or not it talks); a connection is opened only when a request needs one.
 */
export function proceed(egress: Egress, policy: EgressPolicy, now: Micros, closed: boolean, random: Random): void {
  switch (policy.policy) {
    case 'fixed':
    case 'shared':
      return;
    case 'same24':
      for (; egress.until <= now; egress.until += stretch(random, policy.every)) egress.move += 1;
      return;
    case 'per_connection':
      if (!closed && now < egress.until) return;
      egress.exit = weighted(policy.weights, uniform(random));
      egress.until = now + stretch(random, policy.lifetime);
      return;
    case 'per_request':
      egress.exit = pick(random, policy.exits);
      return;
    case 'switch':
      for (; egress.until <= now; egress.until += stretch(random, policy.dwell)) egress.exit = another(egress.exit, policy.exits, random);
      return;
    case 'pingpong':
      while (egress.until <= now) {
        egress.exit = 1 - egress.exit;
        egress.until += egress.exit === 1 ? between(random, policy.away) : stretch(random, policy.gap);
      }
      return;
    default:
      assertNever(policy);
  }
}

/** A uniform time in whole microseconds, both ends included. */
export function between(random: Random, [min, max]: readonly [Micros, Micros]): Micros {
  return min + Math.floor(uniform(random) * (max - min + 1));
}

/** An exponential time in whole microseconds, at least one, so that time always moves on. */
function stretch(random: Random, mean: Micros): Micros {
  return Math.max(1, Math.round(exponential(random, mean)));
}

function another(exit: number, exits: number, random: Random): number {
  return exits < 2 ? exit : (exit + 1 + pick(random, exits - 1)) % exits;
}

/** `even`: by the user's number. `zipf`: exit k (from 0) with probability proportional to 1 / (k + 1). */
function sharedExit(policy: Extract<EgressPolicy, { policy: 'shared' }>, user: number, random: Random): number {
  if (policy.sizes === 'even') return user % policy.exits;
  const sizes = Array.from({ length: policy.exits }, (_, exit) => 1 / (exit + 1));
  return weighted(sizes, uniform(random));
}
