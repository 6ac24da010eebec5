// Deals the addresses of the egress pool: which source address is the n-th exit of a user.

import type { EgressShare } from '../../model/egress.ts';
import { StickyError } from '../../model/errors.ts';
import type { Users } from '../../model/workload.ts';
import { flat } from '../flat.ts';
import { permute } from './permute.ts';

/** The pool, cut into /24s ("blocks"). */
export interface Exits {
  /** Address of one of the user's own exits: the `exit`-th block that is his, and the `move`-th last octet in it. */
  own(user: number, exit: number, move: number): string;
  /** Address of one of the exits that the users of a share have in common: one text object for all of them. */
  common(share: number, exit: number): string;
}

/**
 * Deals blocks by a seeded permutation of the pool. Blocks for shared exits are set apart; of the rest every user gets as many as the
 * widest policy asks for, whatever his own policy is, so that his exits depend on nobody else. When the blocks run out they are dealt
 * again with other last octets. 127.0.0.0/24 and the last octets 0 and 255 are left out, unless the pool has nothing else.
 * Throws EGRESS_POOL_SMALL when the pool has fewer blocks than the shared exits and one user together need.
 */
export function exits(users: Pick<Users, 'egress' | 'pool'>, seed: number): Exits {
  const pool = parsePool(users.pool);
  const widest = Math.max(1, ...users.egress.map((share) => (share.policy === 'shared' ? 0 : exitsOf(share))));
  const shared = users.egress.map((share) => (share.policy === 'shared' ? share.exits : 0));
  const sharedTotal = shared.reduce((sum, count) => sum + count, 0);
  const ownBlocks = pool.blocks - sharedTotal;
  if (ownBlocks < widest && users.egress.some((share) => share.policy !== 'shared')) throw tooSmall(users, widest + sharedTotal, pool);
  if (pool.blocks < sharedTotal) throw tooSmall(users, sharedTotal, pool);
  const blockAt = (place: number): number => permute(place, pool.blocks, seed);
  const commons = shared.map((): string[] => []);
  const commonOf = (share: number, exit: number): string => {
    const first = shared.slice(0, share).reduce((sum, count) => sum + count, ownBlocks);
    return addressIn(pool, blockAt(first + exit), 0, seed);
  };
  return {
    own(user, exit, move) {
      const deal = user * widest + exit;
      const round = Math.floor(deal / ownBlocks);
      return addressIn(pool, blockAt(deal % ownBlocks), (round + move) % pool.hosts, seed);
    },
    common(share, exit) {
      const known = commons[share];
      if (known === undefined) throw new Error(`there is no share ${share}`);
      known[exit] ??= commonOf(share, exit);
      return known[exit];
    },
  };
}

/** How many exits a user of the policy has. */
function exitsOf(policy: EgressShare): number {
  switch (policy.policy) {
    case 'fixed':
    case 'same24':
      return 1;
    case 'pingpong':
      return 2;
    default:
      return policy.exits;
  }
}

interface Pool {
  /** Base address as an unsigned 32-bit number, its host part zero. */
  readonly base: number;
  readonly blocks: number;
  /** Index of the block 127.0.0.0/24 within the pool, skipped; null when it is not there or is all there is. */
  readonly skipped: number | null;
  readonly firstHost: number;
  readonly hosts: number;
}

const LOOPBACK = 127 * 0x100_0000;

function parsePool({ address, prefix }: Users['pool']): Pool {
  const base = Math.floor(parseAddress(address) / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  if (prefix > 24) {
    const size = 2 ** (32 - prefix);
    const first = base % 256 === 0 && size > 1 ? 1 : 0;
    const last = (base + size) % 256 === 0 && size > 1 ? size - 2 : size - 1;
    return { base, blocks: 1, skipped: null, firstHost: first, hosts: last - first + 1 };
  }
  const all = 2 ** (24 - prefix);
  const place = (LOOPBACK - base) / 256;
  const skipped = all > 1 && place >= 0 && place < all ? place : null;
  return { base, blocks: skipped === null ? all : all - 1, skipped, firstHost: 1, hosts: 254 };
}

function parseAddress(address: string): number {
  const octets = address.split('.').map((octet) => (/^\d{1,3}$/.test(octet) ? Number(octet) : 256));
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) {
    throw new StickyError('EGRESS_UNAVAILABLE', `users.pool must be an IPv4 range. Got "${address}".`, 'Write it as 127.0.0.0/8.');
  }
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The order of the last octets is permuted too, by block, so that exits do not all end alike. */
function addressIn(pool: Pool, block: number, host: number, seed: number): string {
  const place = pool.skipped !== null && block >= pool.skipped ? block + 1 : block;
  const value = pool.base + place * 256 + pool.firstHost + permute(host, pool.hosts, seed ^ (place + 1));
  return flat(`${Math.floor(value / 0x100_0000)}.${Math.floor(value / 0x1_0000) % 256}.${Math.floor(value / 256) % 256}.${value % 256}`);
}

function tooSmall({ pool }: Pick<Users, 'pool'>, needed: number, { blocks }: Pool): StickyError {
  const found = `users.pool ${pool.address}/${pool.prefix} has ${blocks}`;
  return new StickyError('EGRESS_POOL_SMALL', `users.egress needs exits in ${needed} different /24s; ${found}.`);
}
