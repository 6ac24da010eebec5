import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EgressShare } from '../../model/egress.ts';
import { exits } from './exits.ts';

const LOOPBACK = { address: '127.0.0.0', prefix: 8 };
const three: EgressShare = { policy: 'per_request', exits: 3, weight: 1 };
const fixed: EgressShare = { policy: 'fixed', weight: 1 };
const pair: EgressShare = { policy: 'shared', exits: 2, sizes: 'zipf', weight: 1 };
const block = (address: string): string => address.slice(0, address.lastIndexOf('.'));
const host = (address: string): number => Number(address.slice(address.lastIndexOf('.') + 1));

describe('the egress pool', () => {
  it('deals the same addresses for the same seed', () => {
    const dealt = exits({ egress: [three, pair], pool: LOOPBACK }, 1);
    expect([dealt.own(0, 0, 0), dealt.own(0, 1, 0), dealt.own(0, 2, 0), dealt.own(1, 0, 0)]).toEqual([
      '127.50.161.245',
      '127.219.128.155',
      '127.107.233.63',
      '127.159.20.252',
    ]);
    expect([dealt.common(1, 0), dealt.common(1, 1)]).toEqual(['127.185.33.241', '127.123.201.19']);
  });

  it('gives every exit of every user a /24 of its own while there are any', () => {
    const dealt = exits({ egress: [three, pair], pool: LOOPBACK }, 1);
    const addresses = Array.from({ length: 21_844 }, (_, user) => [0, 1, 2].map((exit) => dealt.own(user, exit, 0))).flat();
    const common = [dealt.common(1, 0), dealt.common(1, 1)];
    expect(new Set([...addresses, ...common].map(block)).size).toBe(65_534);
    expect(addresses.map(block)).not.toContain('127.0.0');
    expect([Math.min(...addresses.map(host)), Math.max(...addresses.map(host))]).toEqual([1, 254]);
  });

  it('deals other last octets when the /24s have run out', () => {
    const dealt = exits({ egress: [fixed], pool: { address: '10.20.0.0', prefix: 22 } }, 1);
    const addresses = Array.from({ length: 1016 }, (_, user) => dealt.own(user, 0, 0));
    expect(new Set(addresses).size).toBe(1016);
    expect(new Set(addresses.map(block))).toEqual(new Set(['10.20.0', '10.20.1', '10.20.2', '10.20.3']));
  });

  it("keeps a user's exits in different /24s, whatever the pool, the seed and the policies of others", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.nat(1_000_000),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 8, max: 21 }),
        (seed, user, count, prefix) => {
          const dealt = exits(
            { egress: [{ policy: 'per_request', exits: count, weight: 1 }], pool: { address: '10.0.0.0', prefix } },
            seed,
          );
          const blocks = Array.from({ length: count }, (_, exit) => block(dealt.own(user, exit, 0)));
          expect(new Set(blocks).size).toBe(count);
        },
      ),
    );
  });

  it('moves within the /24 under same24, through all its last octets', () => {
    const dealt = exits({ egress: [{ policy: 'same24', every: 1, weight: 1 }], pool: LOOPBACK }, 1);
    const addresses = Array.from({ length: 254 }, (_, move) => dealt.own(5, 0, move));
    expect(new Set(addresses).size).toBe(254);
    expect(new Set(addresses.map(block)).size).toBe(1);
  });

  it('uses a pool of one address, or a few, as it is', () => {
    expect(exits({ egress: [fixed], pool: { address: '192.0.2.0', prefix: 32 } }, 1).own(9, 0, 0)).toBe('192.0.2.0');
    const few = exits({ egress: [fixed], pool: { address: '192.0.2.252', prefix: 30 } }, 1);
    expect(new Set([0, 1, 2].map((user) => few.own(user, 0, 0)))).toEqual(new Set(['192.0.2.252', '192.0.2.253', '192.0.2.254']));
    expect(block(exits({ egress: [fixed], pool: { address: '127.0.0.9', prefix: 24 } }, 1).own(0, 0, 0))).toBe('127.0.0');
  });

  it('refuses a pool that is too small, or no IPv4 range', () => {
    expect(() => exits({ egress: [three, pair], pool: { address: '10.0.0.0', prefix: 22 } }, 1)).toThrow(
      'users.egress needs exits in 5 different /24s; users.pool 10.0.0.0/22 has 4.',
    );
    expect(() => exits({ egress: [fixed], pool: { address: 'fe80::', prefix: 10 } }, 1)).toThrow(
      'users.pool must be an IPv4 range. Got "fe80::".',
    );
  });
});
