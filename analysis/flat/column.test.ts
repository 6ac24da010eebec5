import { describe, expect, it } from 'vitest';
import {
  decodeInts,
  decodeTimes,
  eachUser,
  encodeColumn,
  type IntColumn,
  intOf,
  newColumn,
  setInt,
  setTime,
  type TimeColumn,
  timeOf,
} from './column.ts';

const ints = (values: Readonly<Record<number, number>>): IntColumn => {
  const column: IntColumn = newColumn();
  for (const [user, value] of Object.entries(values)) setInt(column, Number(user), value);
  return column;
};

describe('a column', () => {
  it('gives back what was set, and 0 for the rest', () => {
    const column = ints({ 0: 1, 5000: -7 });
    expect([0, 1, 5000, 5001, 9_000_000].map((user) => intOf(column, user))).toEqual([1, 0, -7, 0, 0]);
  });

  it('of times keeps them to 2^53', () => {
    const column: TimeColumn = newColumn();
    setTime(column, 4096, Number.MAX_SAFE_INTEGER);
    expect([timeOf(column, 4096), timeOf(column, 4095)]).toEqual([Number.MAX_SAFE_INTEGER, 0]);
    expect(timeOf(decodeTimes(encodeColumn(column)), 4096)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('has pages only where something was set', () => {
    expect(ints({ 9000: 1 }).pages.map((page) => page?.length)).toEqual([undefined, undefined, 4096]);
  });

  it('tells its users and their numbers, also after a journey', () => {
    const column = ints({ 4: 5, 4095: 2, 4096: 3, 10000: -1 });
    for (const one of [column, decodeInts(JSON.parse(JSON.stringify(encodeColumn(column))))]) {
      const told: number[][] = [];
      eachUser(one, (user, value) => told.push([user, value]));
      expect(told).toEqual([
        [4, 5],
        [4095, 2],
        [4096, 3],
        [10_000, -1],
      ]);
    }
  });
});
