import { describe, expect, it } from 'vitest';
import { clientAddress } from './real-ip.ts';

describe('clientAddress', () => {
  it.each([
    ['is the other end without the header', '127.3.2.1', '', '127.3.2.1'],
    ['is the address in the header', '127.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['is the last of several', '127.0.0.1', '192.0.2.1, 198.51.100.7', '198.51.100.7'],
    ['skips trailing commas and spaces', '127.0.0.1', '192.0.2.1 , ', '192.0.2.1'],
    ['drops a port', '127.0.0.1', '192.0.2.1:4711', '192.0.2.1'],
    ['may be an IPv6', '127.0.0.1', '2001:db8::1', '2001:db8::1'],
    ['may be an IPv6 with a port', '127.0.0.1', '[2001:db8::1]:80', '2001:db8::1'],
    ['is the other end when the header holds no address', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['is the other end when that is not trusted', '192.0.2.9', '198.51.100.7', '192.0.2.9'],
  ])('%s', (_, peer, forwarded, address) => {
    expect(clientAddress(peer, forwarded)).toBe(address);
  });
});
