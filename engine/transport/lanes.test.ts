// Which lane belongs to whom.

import { describe, expect, it } from 'vitest';
import { SHARED_LANE } from '../wire.ts';
import type { Stacked } from './lane.ts';
import { Lanes } from './lanes.ts';

interface Item extends Stacked<Item> {}

describe('lanes', () => {
  it('are found again by exit and key', () => {
    const lanes = new Lanes<Item>(6);
    const shared = lanes.find('a', SHARED_LANE);
    const own = lanes.find('a', 3);
    const elsewhere = lanes.find('b', 3);
    expect(
      [lanes.find('a', SHARED_LANE), lanes.find('a', 3), lanes.find('b', 3)].map((lane, place) => lane === [shared, own, elsewhere][place]),
    ).toEqual([true, true, true]);
    expect(new Set([shared, own, elsewhere]).size).toBe(3);
    expect([shared.limit, own.limit]).toEqual([Number.POSITIVE_INFINITY, 6]);
  });

  it('of one user are all found, wherever they lead', () => {
    const lanes = new Lanes<Item>(1);
    for (const exit of ['a', 'b', 'c']) lanes.find(exit, 3);
    lanes.find('a', 4);
    expect(lanes.ofUser(3).map(({ exit }) => exit)).toEqual(['c', 'b', 'a']);
    expect(lanes.ofUser(5)).toEqual([]);
  });

  it.each(['a', 'b', 'c'])('are forgotten one by one: %s', (gone) => {
    const lanes = new Lanes<Item>(1);
    for (const exit of ['a', 'b', 'c']) lanes.find(exit, 3);
    lanes.forget(lanes.find(gone, 3));
    expect(lanes.ofUser(3).map(({ exit }) => exit)).toEqual(['c', 'b', 'a'].filter((exit) => exit !== gone));
  });

  it('are forgotten with the last of a user, and all at once', () => {
    const lanes = new Lanes<Item>(1);
    lanes.forget(lanes.find('a', 3));
    const shared = lanes.find('a', SHARED_LANE);
    lanes.forget(shared);
    expect(lanes.clear()).toEqual([]);
    lanes.find('a', SHARED_LANE);
    lanes.find('b', 3);
    lanes.find('c', 3);
    expect(lanes.clear().map(({ exit, key }) => [exit, key])).toEqual([
      ['a', SHARED_LANE],
      ['c', 3],
      ['b', 3],
    ]);
    expect(lanes.ofUser(3)).toEqual([]);
  });
});
