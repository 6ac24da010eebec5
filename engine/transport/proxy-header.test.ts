// The PROXY protocol header, byte for byte (proxy-protocol.txt 2.1 and 2.2).

import { describe, expect, it } from 'vitest';
import { type Endpoint, proxyHeader } from './proxy-header.ts';

const hex = (source: Endpoint, destination: Endpoint): string => Buffer.from(proxyHeader(2, source, destination), 'latin1').toString('hex');
const at = (address: string, port: number): Endpoint => ({ address, port });

const SIGNATURE = '0d0a0d0a000d0a515549540a';

describe('version 1', () => {
  it('is a line of text', () => {
    expect(proxyHeader(1, at('10.1.2.3', 56324), at('127.0.0.1', 443))).toBe('PROXY TCP4 10.1.2.3 127.0.0.1 56324 443\r\n');
    expect(proxyHeader(1, at('2001:db8::7', 1), at('::1', 65535))).toBe('PROXY TCP6 2001:db8::7 ::1 1 65535\r\n');
  });
});

describe('version 2', () => {
  it('has the signature, version and command, family, length, addresses and ports', () => {
    // 0x21: version 2, PROXY. 0x11: TCP over IPv4. 12 bytes follow.
    expect(hex(at('10.1.2.3', 0x1234), at('127.0.0.1', 80))).toBe(`${SIGNATURE}2111000c0a0102037f00000112340050`);
  });

  it('has sixteen bytes an address in IPv6', () => {
    // 0x21: TCP over IPv6. 36 bytes follow.
    expect(hex(at('2001:db8::ff:7', 1), at('::1', 2))).toBe(
      `${SIGNATURE}21210024${'20010db8000000000000000000ff0007'}${'00000000000000000000000000000001'}00010002`,
    );
  });

  it('writes IPv6 addresses of every form', () => {
    const bytes = (address: string) => hex(at(address, 0), at('::', 0)).slice(32, 64);
    expect(bytes('::')).toBe('0'.repeat(32));
    expect(bytes('1:2:3:4:5:6:7:8')).toBe('00010002000300040005000600070008');
    expect(bytes('fe80::1%eth0')).toBe('fe800000000000000000000000000001');
    expect(bytes('::ffff:10.1.2.3')).toBe('00000000000000000000ffff0a010203');
    expect(bytes('1::')).toBe(`0001${'0'.repeat(28)}`);
  });
});

describe('a source of another family than the destination', () => {
  it('decides; the destination is unspecified', () => {
    expect(proxyHeader(1, at('10.1.2.3', 1), at('::1', 80))).toBe('PROXY TCP4 10.1.2.3 0.0.0.0 1 80\r\n');
    expect(proxyHeader(1, at('2001:db8::7', 1), at('127.0.0.1', 80))).toBe('PROXY TCP6 2001:db8::7 :: 1 80\r\n');
    expect(hex(at('10.1.2.3', 1), at('::1', 80))).toBe(`${SIGNATURE}2111000c0a0102030000000000010050`);
  });
});
