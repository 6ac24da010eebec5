import { describe, expect, it } from 'vitest';
import { request, servers, walk } from './fixtures/servers.ts';
import { roundRobin } from './round-robin.ts';
import type { Router } from './server.ts';

const T = 1_000_000;
const walks = (router: Router, times: number, dead = '', now = T) =>
  Array.from({ length: times }, () => walk(router, request(), dead, now)).join(' ');

describe('round robin', () => {
  it('takes turns', () => {
    expect(walks(roundRobin('g', servers([1, 1, 1])), 6)).toBe('a b c a b c');
  });

  it('spreads the turns of a heavy server evenly', () => {
    expect(walks(roundRobin('g', servers([5, 1, 1])), 7)).toBe('a a b a c a a');
  });

  it('leaves out servers that are down', () => {
    const [a, b, c] = servers([1, 1, 1]);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were made');
    expect(walks(roundRobin('g', [a, { ...b, down: true }, c]), 4)).toBe('a c a c');
  });

  it('tries every server once, then has no more tries', () => {
    expect(walks(roundRobin('g', servers([1, 1, 1], { maxFails: 0 })), 2, 'abc')).toBe('abc cba');
  });

  it('says that no server is left when all are shunned', () => {
    const router = roundRobin('g', servers([1, 1]));
    expect(walks(router, 2, 'ab')).toBe('ab -');
    const choice = router(request());
    expect([choice.pick(T), choice.group]).toEqual([null, 'g']);
  });

  it('uses backups only while no primary can be used, and stays with them for that request', () => {
    const [a, b, c] = servers([1, 1, 1]);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were made');
    const router = roundRobin('g', [a], [b, c]);
    expect(walks(router, 2)).toBe('a a');
    expect(walks(router, 1, 'a')).toBe('ab');
    expect(walks(router, 3)).toBe('c b c');
  });
});

describe('max_fails and fail_timeout', () => {
  /** `a` died before T; the first request of anyone finds out. */
  function afterFailure(): Router {
    const router = roundRobin('g', servers([1, 1]));
    expect(walks(router, 1, 'a')).toBe('ab');
    return router;
  }

  it('shun a server through the tenth second and probe it in the eleventh, once its weight has grown back', () => {
    const router = afterFailure();
    expect([walks(router, 3, 'a', T + 1), walks(router, 3, 'a', T + 10)]).toEqual(['b b b', 'b b b']);
    expect(walks(router, 3, 'a', T + 11)).toBe('b b ab');
  });

  it('let one request probe while all others still skip', () => {
    const router = afterFailure();
    const later = T + 11;
    const probes = Array.from({ length: 4 }, () => router(request()));
    expect(probes.map((choice) => choice.pick(later)?.name).sort()).toEqual(['a', 'b', 'b', 'b']);
  });

  it('shun it for the same time again when the probe fails', () => {
    const router = afterFailure();
    expect(walks(router, 3, 'a', T + 11)).toBe('b b ab');
    expect([walks(router, 3, '', T + 21), walks(router, 3, '', T + 22)]).toEqual(['b b b', 'b b a']);
  });

  it('re-admit it wholly after one success', () => {
    const router = afterFailure();
    expect(walks(router, 7, '', T + 11)).toBe('b b a b a b a');
  });

  it('need as many failures as they say', () => {
    const router = roundRobin('g', servers([1, 1], { maxFails: 3 }));
    expect(walks(router, 8, 'a')).toBe('ab b ab b ab b b b');
  });

  it('are not reset by a success in the second of the failure, because nothing was checked since', () => {
    const router = roundRobin('g', servers([1, 1], { maxFails: 2 }));
    expect(walks(router, 1, 'a')).toBe('ab');
    expect(walks(router, 2)).toBe('b a');
    expect(walks(router, 2, 'a')).toBe('b ab');
    expect(walks(router, 4)).toBe('b b b b');
  });

  it('never shun with max_fails=0', () => {
    expect(walks(roundRobin('g', servers([1, 1], { maxFails: 0 })), 4, 'a')).toBe('ab b ab b');
  });

  it('do not count for a group of one server, and nothing is tried again', () => {
    const router = roundRobin('g', servers([1]));
    expect(walks(router, 3, 'a')).toBe('a a a');
  });

  it('count for one server with a backup', () => {
    const [a, b] = servers([1, 1]);
    if (a === undefined || b === undefined) throw new Error('two were made');
    expect(walks(roundRobin('g', [a], [b]), 3, 'a')).toBe('ab b b');
  });
});
