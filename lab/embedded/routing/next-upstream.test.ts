import { describe, expect, it } from 'vitest';
import { type AttemptFailure, mayTryAnother, statusOf } from './next-upstream.ts';

describe('mayTryAnother', () => {
  const one = (method: string, failure: AttemptFailure, sent: boolean, tries = 1) => mayTryAnother({ method, failure, sent, tries });

  it('repeats any method whose connection was refused', () => {
    expect(['GET', 'POST', 'LOCK', 'PATCH', 'PUT'].map((method) => one(method, 'error', false))).toEqual([true, true, true, true, true]);
  });

  it('does not repeat POST, LOCK and PATCH once they were sent', () => {
    const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'LOCK', 'PATCH'];
    expect(methods.map((method) => one(method, 'timeout', true))).toEqual([true, true, true, true, false, false, false]);
  });

  it('does not repeat after an answer that is no HTTP', () => {
    expect(one('GET', 'invalid_header', true)).toBe(false);
  });

  it('stops when there are no tries left', () => {
    expect(one('GET', 'error', false, 0)).toBe(false);
  });
});

describe('statusOf', () => {
  it('is 504 for timeouts and 502 for the rest', () => {
    expect([statusOf('timeout'), statusOf('error'), statusOf('invalid_header')]).toEqual([504, 502, 502]);
  });
});
