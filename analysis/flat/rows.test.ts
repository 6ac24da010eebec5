import { describe, expect, it } from 'vitest';
import { addRow, decodeRows, encodeRows, newRows, Row, type Rows } from './rows.ts';

class Sample extends Row {
  get all(): number[] {
    return [this.ints[this.int], this.ints[this.int + 1], this.ints[this.int + 2], this.times[this.time], this.times[this.time + 1]].map(
      Number,
    );
  }
  set all([a, b, c, d, e]: readonly [number, number, number, number, number]) {
    this.ints.set([a, b, c], this.int);
    this.times.set([d, e], this.time);
  }
}

/** Rows of which row n holds n, -n, 2n, 2^50 + n and 0. */
const sample = (size: number): Rows => {
  const rows = newRows(3, 2);
  const window = new Sample(rows);
  for (let n = 0; n < size; n += 1) window.on(addRow(rows)).all = [n, -n, 2 * n, 2 ** 50 + n, 0];
  return rows;
};

describe('rows', () => {
  it('keep their numbers apart, over several pages', () => {
    const window = new Sample(sample(3000));
    expect([0, 1, 1023, 1024, 2999].map((row) => window.on(row).all)).toEqual(
      [0, 1, 1023, 1024, 2999].map((n) => [n, n === 0 ? 0 : -n, 2 * n, 2 ** 50 + n, 0]),
    );
  });

  it('are the same after a journey, and go on', () => {
    const rows = sample(1500);
    const copy = decodeRows(JSON.parse(JSON.stringify(encodeRows(rows))));
    expect(copy).toEqual(rows);
    expect(addRow(copy)).toBe(1500);
  });

  it('can be copied', () => {
    const from = new Sample(sample(5)).on(4);
    const rows = sample(2);
    const into = new Sample(rows).on(1);
    into.copy(from);
    expect([into.all, new Sample(rows).on(0).all]).toEqual([
      [4, -4, 8, 2 ** 50 + 4, 0],
      [0, 0, 0, 2 ** 50, 0],
    ]);
  });
});
