import { describe, expect, it } from 'vitest';
import { octetsOf } from './address.ts';

const hex = (address: string) =>
  octetsOf(address)
    .map((octet) => octet.toString(16).padStart(2, '0'))
    .join('');

describe('octetsOf', () => {
  it.each([
    ['192.0.2.1', 'c0000201'],
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['::', '00000000000000000000000000000000'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001'],
    ['unix:', ''],
    ['256.0.0.1', ''],
  ])('%s: %s', (address, octets) => {
    expect(hex(address)).toBe(octets);
  });
});
