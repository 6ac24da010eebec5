// The PROXY protocol header that tells the balancer a source address (proxy-protocol.txt by HAProxy, sections 2.1 and 2.2).

import { isIPv6 } from 'node:net';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n';
/** Version 2, command PROXY. */
const PROXY = 0x21;
const TCP_OVER_IPV4 = 0x11;
const TCP_OVER_IPV6 = 0x21;

/**
 * The header as latin1 text, one character a byte. Both addresses must be of one family: the source's. A destination of the other
 * family is written as the unspecified address, because balancers act on the source.
 */
export function proxyHeader(version: 1 | 2, source: Endpoint, destination: Endpoint): string {
  const six = isIPv6(source.address);
  const to = isIPv6(destination.address) === six ? destination.address : six ? '::' : '0.0.0.0';
  if (version === 1) return `PROXY ${six ? 'TCP6' : 'TCP4'} ${source.address} ${to} ${source.port} ${destination.port}\r\n`;
  const addresses = addressBytes(source.address) + addressBytes(to) + twoBytes(source.port) + twoBytes(destination.port);
  return SIGNATURE + String.fromCharCode(PROXY, six ? TCP_OVER_IPV6 : TCP_OVER_IPV4) + twoBytes(addresses.length) + addresses;
}

function twoBytes(number: number): string {
  return String.fromCharCode(number >> 8, number & 0xff);
}

function addressBytes(address: string): string {
  return isIPv6(address) ? sixBytes(address) : String.fromCharCode(...address.split('.').map(Number));
}

function sixBytes(address: string): string {
  const [before = '', after] = withHexTail(address.replace(/%.*$/, '')).split('::');
  const left = groups(before);
  const right = groups(after ?? '');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right].map(twoBytes).join('');
}

/** `::ffff:1.2.3.4` with its last four bytes as two groups. */
function withHexTail(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    return `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`;
  });
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
