import { describe, expect, it } from 'vitest';
import { DOCUMENT } from './fixtures/document.ts';
import { costOf, ratioBetween, summarise } from './summary.ts';

describe('summarise', () => {
  it('pairs each round with the same round of the first row', () => {
    const [section] = DOCUMENT.sections;
    const [wrk, , ab, , , recorded] = section === undefined ? [] : summarise(section);
    expect([wrk?.cost, wrk?.ratio]).toEqual([
      { median: 11, low: 10, high: 12, n: 2 },
      { median: 1, low: 1, high: 1, n: 2 },
    ]);
    // Measured in the second round only, in which wrk cost 12.
    expect([recorded?.cost?.n, recorded?.ratio]).toEqual([1, { median: 18.6 / 12, low: 18.6 / 12, high: 18.6 / 12, n: 1 }]);
    expect([ab?.cost, ab?.ratio, ab?.rate]).toEqual([null, null, null]);
  });
});

describe('ratioBetween', () => {
  it('compares any two rows of a section', () => {
    expect(ratioBetween(DOCUMENT, 'keep-alive-64', 'autocannon', 'wrk')).toBe(2);
    expect(ratioBetween(DOCUMENT, 'keep-alive-64', 'ab', 'wrk')).toBe(null);
    expect(ratioBetween(DOCUMENT, 'https', 'stickybench', 'wrk')).toBe(null);
  });
});

describe('costOf', () => {
  it('is null for what was not measured', () => {
    expect([costOf(DOCUMENT, 'keep-alive-64', 'autocannon'), costOf(DOCUMENT, 'login-storm', 'wrk')]).toEqual([22, null]);
  });
});
