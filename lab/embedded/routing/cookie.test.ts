import { describe, expect, it } from 'vitest';
import { cookieValue } from './cookie.ts';

describe('cookieValue', () => {
  it.each([
    ['JSESSIONID=1.a', '1.a'],
    ['jsessionid=1.a', '1.a'],
    ['x=0; JSESSIONID=1.a; y=2', '1.a'],
    ['x=0;JSESSIONID = 1.a;y=2', '1.a'],
    ['JSESSIONID=1.a; JSESSIONID=2.b', '1.a'],
    ['JSESSIONIDX=1.a', ''],
    ['XJSESSIONID=1.a', ''],
    ['x="JSESSIONID=1.a"', ''],
    ['x=0,JSESSIONID=1.a', '1.a'],
    ['JSESSIONID=1,2; y=3', '1,2'],
    ['JSESSIONID; JSESSIONID=1.a', '1.a'],
    ['', ''],
  ])('%s: %s', (header, value) => {
    expect(cookieValue(header, 'jsessionid')).toBe(value);
  });
});
