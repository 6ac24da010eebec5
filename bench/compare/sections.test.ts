import { describe, expect, it } from 'vitest';
import { rowOf } from './rows.ts';
import { SECTIONS } from './sections.ts';

describe('the sections', () => {
  it('name rows that there are, and compare them with wrk', () => {
    expect(SECTIONS.map(({ rows }) => rows.map((key) => rowOf(key).key))).toEqual(SECTIONS.map(({ rows }) => rows));
    expect(SECTIONS.map(({ rows }) => rows[0])).toEqual(SECTIONS.map(() => 'wrk'));
  });

  it('take the rows of a quick comparison from their own, in the same order', () => {
    expect(SECTIONS.map(({ rows, quick }) => rows.filter((key) => quick.includes(key)))).toEqual(SECTIONS.map(({ quick }) => quick));
  });
});

describe('rowOf', () => {
  it('names the rows there are when it does not know one', () => {
    expect(() => rowOf('siege')).toThrow(
      'no row siege; rows: wrk, wrk-prepared, wrk-written, wrk-read, ab, h2load, hey, autocannon, autocannon-users, artillery, transport, stickybench, stickybench-recorded, stickybench-2-workers',
    );
  });
});
