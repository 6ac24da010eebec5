import { describe, expect, it } from 'vitest';
import { requestedIds } from './requested-ids.ts';

describe('requestedIds', () => {
  it.each([
    ['JSESSIONID=1.a', '/', ['1.a']],
    ['x=0; JSESSIONID=1.a; JSESSIONID=2.b', '/', ['1.a', '2.b']],
    ['JSESSIONID="1.a"', '/', ['1.a']],
    ['jsessionid=1.a', '/', []],
    ['', '/visit;jsessionid=1.a?x=y', ['1.a']],
    ['JSESSIONID=1.a', '/visit;jsessionid=2.b', ['1.a']],
    ['', '/visit?jsessionid=1.a', []],
  ])('%s with %s', (cookies, url, ids) => {
    expect(requestedIds(cookies, url)).toEqual(ids);
  });
});
