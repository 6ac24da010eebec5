// Addresses as bytes.

import { isIPv4, isIPv6 } from 'node:net';

/** The octets of an address: 4 for IPv4, 16 for IPv6 (also where it embeds an IPv4), none for anything else, such as a unix socket. */
export function octetsOf(address: string): readonly number[] {
  if (isIPv4(address)) return address.split('.').map(Number);
  return isIPv6(address) ? octetsOfIPv6(address.replace(/%.*$/, '')) : [];
}

function octetsOfIPv6(address: string): readonly number[] {
  const [left = '', right] = address.split('::');
  const head = octetsOfGroups(left);
  if (right === undefined) return head;
  const tail = octetsOfGroups(right);
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

function octetsOfGroups(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
