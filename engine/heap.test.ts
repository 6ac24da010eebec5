import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeap, type Heap } from './heap.ts';

function drain(heap: Heap): readonly (readonly [number, number])[] {
  const taken: (readonly [number, number])[] = [];
  while (heap.top() < Number.POSITIVE_INFINITY) taken.push([heap.top(), heap.pop()]);
  return taken;
}

describe('a heap', () => {
  it('gives keys by their times, those of one time in the order of listing, whenever they are listed', () => {
    const step = fc.oneof(fc.nat(30), fc.constant(null));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const heap = createHeap();
        const listed: (readonly [number, number])[] = [];
        steps.forEach((time, key) => {
          if (time !== null) {
            heap.push(key, time);
            listed.push([time, key]);
            return;
          }
          listed.sort(([one, first], [other, second]) => one - other || first - second);
          const next = listed.shift();
          expect(heap.top()).toBe(next?.[0] ?? Number.POSITIVE_INFINITY);
          if (next !== undefined) expect(heap.pop()).toBe(next[1]);
        });
        expect(drain(heap)).toEqual(listed.sort(([one, first], [other, second]) => one - other || first - second));
      }),
    );
  });

  it('holds more than it was made for, and keys below zero', () => {
    const heap = createHeap();
    const count = 10_000;
    for (let key = 0; key < count; key += 1) heap.push(-key, (key * 7919) % count);
    const taken = drain(heap);
    expect(taken.map(([time]) => time)).toEqual(Array.from({ length: count }, (_, time) => time));
    expect(taken.map(([, key]) => ((-key * 7919) % count) + 0)).toEqual(taken.map(([time]) => time));
  });

  it('gives up all it has', () => {
    const heap = createHeap();
    for (const key of [3, 1, 2]) heap.push(key, 10 - key);
    expect([...heap.rest()].sort()).toEqual([1, 2, 3]);
    expect([heap.top(), heap.rest()]).toEqual([Number.POSITIVE_INFINITY, []]);
    expect(() => heap.pop()).toThrow('the heap is empty');
  });
});
