// Deadlines in a row.

import { describe, expect, it } from 'vitest';
import { Deadlines } from './deadlines.ts';

/** Things that note when they end, and are taken out then. */
function row(ended: string[]) {
  const deadlines = new Deadlines<{ readonly name: string; expire(): void }>();
  const add = (name: string, at: number): number => {
    const place: number = deadlines.add({
      name,
      expire() {
        ended.push(name);
        deadlines.remove(place);
      },
    });
    deadlines.set(place, at);
    return place;
  };
  return { deadlines, add };
}

describe('deadlines', () => {
  it('end what has lasted too long, and nothing else', () => {
    const ended: string[] = [];
    const { deadlines, add } = row(ended);
    for (const [name, at] of [
      ['a', 30],
      ['b', 10],
      ['c', 20],
    ] as const)
      add(name, at);
    deadlines.sweep(9);
    expect(ended).toEqual([]);
    deadlines.sweep(20);
    expect({ ended, left: deadlines.all().map(({ name }) => name), size: deadlines.size }).toEqual({
      ended: ['b', 'c'],
      left: ['a'],
      size: 1,
    });
  });

  it('can be moved', () => {
    const ended: string[] = [];
    const { deadlines, add } = row(ended);
    const place = add('a', 10);
    deadlines.set(place, 50);
    deadlines.sweep(49);
    expect(ended).toEqual([]);
    deadlines.sweep(50);
    expect(ended).toEqual(['a']);
  });

  it('are none until they are set, even at a place where another has ended', () => {
    const ended: string[] = [];
    const { deadlines, add } = row(ended);
    add('a', 10);
    deadlines.sweep(10);
    deadlines.add({ name: 'b', expire: () => ended.push('b') });
    deadlines.sweep(1_000_000);
    expect(ended).toEqual(['a']);
  });

  it('hold however many there are', () => {
    const ended: string[] = [];
    const { deadlines, add } = row(ended);
    for (let number = 0; number < 1000; number++) add(String(number), number);
    deadlines.sweep(989);
    expect({ ended: ended.length, left: deadlines.all().map(({ name }) => name) }).toEqual({
      ended: 990,
      left: ['990', '991', '992', '993', '994', '995', '996', '997', '998', '999'],
    });
  });

  it('of what comes in while others end are kept', () => {
    const ended: string[] = [];
    const { deadlines, add } = row(ended);
    const first: number = deadlines.add({
      name: 'first',
      expire() {
        deadlines.remove(first);
        // More than there was room for, and one in the place of another that would have been next.
        for (let late = 0; late < 100; late++) add('late', 50);
        deadlines.remove(second);
        add('late', 50);
      },
    });
    const second = add('second', 10);
    deadlines.set(first, 10);
    deadlines.sweep(20);
    expect({ ended, size: deadlines.size }).toEqual({ ended: [], size: 101 });
  });

  it('are hastened in their order, for those that may end', () => {
    const ended: string[] = [];
    const { deadlines, add } = row(ended);
    for (const [name, at] of [
      ['a', 30],
      ['b', 10],
      ['c', 20],
      ['d', 40],
    ] as const)
      add(name, at);
    deadlines.hasten(2, ({ name }) => name !== 'b');
    expect(ended).toEqual(['c', 'a']);
  });
});
