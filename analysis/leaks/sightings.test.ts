import { describe, expect, it } from 'vitest';
import { type Mark, markOf } from './mark.ts';
import { addSightings, decodeSightings, encodeSightings, leaksIn, noSightings, type Sightings, sight } from './sightings.ts';

const mark = (text: string): Mark => markOf(text, text.length, 12);
const hex = (n: number): string => n.toString(16).padStart(12, '0');
const travelled = (sightings: Sightings): Sightings => decodeSightings(JSON.parse(JSON.stringify(encodeSightings(sightings))));

describe('sightings', () => {
  it('tell marks apart that are alike', () => {
    const sightings = noSightings(100);
    const alike = ['000000000001', '100000000000', '0000000000g1', '00000000001', '0000000000001', '00000000000A', '00000000000a', '', 'ä'];
    alike.forEach((text, user) => {
      sight(sightings, mark(text), user, user);
    });
    alike.forEach((text, user) => {
      sight(sightings, mark(text), user, 100);
    });
    expect(leaksIn(sightings)).toEqual([]);
    sight(sightings, mark('0000000000g1'), 7, 200);
    sight(sightings, mark('100000000000'), 7, 201);
    for (const one of [sightings, travelled(sightings)]) {
      expect(leaksIn(one)).toEqual([
        { seen: { user: 7, at: 200, count: 1 }, first: { user: 2, at: 2, count: 2 } },
        { seen: { user: 7, at: 201, count: 1 }, first: { user: 1, at: 1, count: 2 } },
      ]);
    }
  });

  it('find each of many marks again, also after a journey and a merge', () => {
    const shards = [0, 1].map((shard) => {
      const sightings = noSightings(100_000);
      for (let n = shard; n < 20_000; n += 2) sight(sightings, mark(hex(n * 7919)), n, n);
      return sightings;
    });
    const sum = noSightings(100_000);
    expect(shards.map((shard) => addSightings(sum, travelled(shard)))).toEqual([true, true]);
    expect(sum.owners.rows.size).toBe(20_000);
    for (let n = 0; n < 20_000; n += 1) sight(sum, mark(hex(n * 7919)), n, 30_000);
    expect([sum.owners.rows.size, sum.strangers]).toEqual([20_000, 0]);
    sight(sum, mark(hex(7919 * 19_999)), 3, 30_001);
    expect(leaksIn(sum)).toEqual([{ seen: { user: 3, at: 30_001, count: 1 }, first: { user: 19_999, at: 19_999, count: 2 } }]);
  });

  it('beyond the most are not followed, and say so', () => {
    const sightings = noSightings(3);
    const room = [1, 2, 3, 4].map((n) => sight(sightings, mark(hex(n)), n, n));
    expect(room).toEqual([true, true, true, false]);
    expect(sight(sightings, mark(hex(1)), 1, 9)).toBe(true);
    expect(sight(sightings, mark(hex(1)), 2, 9)).toBe(false);
    const smaller = noSightings(2);
    expect([addSightings(smaller, sightings), smaller.owners.rows.size]).toEqual([false, 2]);
  });

  it('belong to whoever was first, whichever shard comes first', () => {
    const early = noSightings(10);
    const late = noSightings(10);
    sight(early, mark(hex(1)), 5, 10);
    for (const at of [20, 30]) sight(late, mark(hex(1)), 6, at);
    for (const order of [
      [early, late],
      [late, early],
    ]) {
      const sum = noSightings(10);
      for (const shard of order) addSightings(sum, shard);
      expect(leaksIn(sum)).toEqual([{ seen: { user: 6, at: 20, count: 2 }, first: { user: 5, at: 10, count: 1 } }]);
    }
  });
});
