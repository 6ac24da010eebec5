import { describe, expect, it } from 'vitest';
import { cookieValue } from './cookie.ts';

describe('cookieValue', () => {
  it.each([
    ['JSESSIONID=1.a', '1.a'],
    ['jsessionid=1.a', '1.a'],
    ['x=0; JSESSIONID=1.a; y=2', '1.a'],
    ['x=0;JSESSIONID = 1.a;y=2', '1.a'],
    ['JSESSIONID=1.a; JSESSIONID=2.b', '1.a'],
    ['JSESSIONIDX=1.a', null],
    ['XJSESSIONID=1.a', null],
    ['x="JSESSIONID=1.a"', null],
    ['x=0,JSESSIONID=1.a', '1.a'],
    ['JSESSIONID=1,2; y=3', '1,2'],
    ['JSESSIONID; JSESSIONID=1.a', '1.a'],
    ['JSESSIONID=; JSESSIONID=1.a', ''],
    ['JSESSIONID', null],
    ['', null],
  ])('%s: %s', (header, value) => {
    expect(cookieValue(header, 'jsessionid')).toBe(value);
  });
});
