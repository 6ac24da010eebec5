// The words for failures.

import { describe, expect, it } from 'vitest';
import { loss, portTaken, refusal } from './reasons.ts';

function failed(code: string, syscall = 'connect'): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code, syscall });
}

describe('a connection that did not come about', () => {
  it.each([
    ['ECONNREFUSED', 'connect', 'connection-refused'],
    ['ECONNRESET', 'connect', 'connection-refused'],
    ['ETIMEDOUT', 'connect', 'connect-timeout'],
    ['EHOSTUNREACH', 'connect', 'unreachable'],
    ['ENETUNREACH', 'connect', 'unreachable'],
    ['EACCES', 'connect', 'unreachable'],
    ['EADDRNOTAVAIL', 'bind', 'no-address'],
    ['EINVAL', 'bind', 'no-address'],
    ['EADDRNOTAVAIL', 'connect', 'no-port'],
    ['EADDRINUSE', 'connect', 'no-port'],
    ['EMFILE', 'connect', 'no-port'],
  ])('%s at %s is %s', (code, syscall, reason) => {
    expect(refusal(failed(code, syscall), 'connecting')).toBe(reason);
  });

  it('is tls whatever happened once TCP stood', () => {
    expect(refusal(failed('ECONNRESET', 'read'), 'handshake')).toBe('tls');
  });

  it('may do better from another port when only the port was taken', () => {
    const taken = (code: string, syscall: string) => portTaken(failed(code, syscall));
    expect([
      taken('EADDRINUSE', 'connect'),
      taken('EADDRNOTAVAIL', 'connect'),
      taken('EADDRNOTAVAIL', 'bind'),
      taken('ECONNREFUSED', 'connect'),
    ]).toEqual([true, true, false, false]);
  });
});

describe('a request that was sent', () => {
  it('is closed, reset or timeout before any byte of the answer, cut after', () => {
    expect([
      loss(null, false, false),
      loss(failed('ECONNRESET', 'read'), false, false),
      loss(failed('EPIPE', 'write'), false, false),
      loss(failed('ETIMEDOUT', 'read'), false, false),
    ]).toEqual(['closed', 'reset', 'reset', 'timeout']);
    expect([loss(null, true, false), loss(failed('ECONNRESET', 'read'), true, true)]).toEqual(['cut', 'cut']);
  });

  it('is dropped when the connection had brought an answer before', () => {
    expect([
      loss(null, false, true),
      loss(failed('ECONNRESET', 'read'), false, true),
      loss(failed('EPIPE', 'write'), false, true),
      loss(failed('ETIMEDOUT', 'read'), false, true),
    ]).toEqual(['dropped', 'dropped', 'dropped', 'timeout']);
  });
});
