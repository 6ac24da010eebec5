// Whom the balancer takes for the client: realip with `set_real_ip_from 127.0.0.0/8`, `real_ip_header X-Forwarded-For`, not recursive.

import { isIP } from 'node:net';

/**
 * The last address of the last header line, when the connection comes from loopback and that is an address; else the other end of the
 * connection. `forwarded` is the text of all X-Forwarded-For lines in order, joined by commas. A port behind the address is dropped.
 */
export function clientAddress(peer: string, forwarded: string): string {
  if (!peer.startsWith('127.')) return peer;
  const last = /([^\s,]+)[\s,]*$/.exec(forwarded)?.[1] ?? '';
  const bare = /^\[(.*)\](?::\d+)?$/.exec(last)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(last)?.[1] ?? last;
  return isIP(bare) === 0 ? peer : bare;
}
