import { describe, expect, it } from 'vitest';
import { addressKey } from './strategy.ts';

describe('addressKey', () => {
  it('is the first three octets of an IPv4 address', () => {
    expect(addressKey('192.0.2.77')).toBe('192.0.2');
  });

  it('is the whole of anything else: IPv6, mapped IPv4, unix sockets', () => {
    expect(addressKey('2001:db8::1')).toBe('2001:db8::1');
    expect(addressKey('::ffff:192.0.2.1')).toBe('::ffff:192.0.2.1');
    expect(addressKey('unix:')).toBe('unix:');
  });
});
