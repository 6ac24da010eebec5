// Ports to listen on: free ones that no outgoing connection will take, and fixed ones that must be free.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { StickyError } from '../../model/errors.ts';

const HOST = '127.0.0.1';
const LOWEST = 10_000;
const HIGHEST = 65_535;
/** What the kernel hands to outgoing connections where /proc does not say (IANA's dynamic ports, RFC 6335 section 6). */
const DYNAMIC = { from: 49_152, to: 65_535 };

const given = new Set<number>();

/**
 * A free TCP port of 127.0.0.1, outside the range of outgoing connections: otherwise one of these could sit on the port of a backend
 * while it is dead. A port is given out once per process; another program may still take it before it is used.
 */
export async function freePort(): Promise<number> {
  const outgoing = outgoingRange();
  for (let tries = 0; tries < 1_000; tries += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if ((port >= outgoing.from && port <= outgoing.to) || given.has(port)) continue;
    if (await isFree(port)) {
      given.add(port);
      return port;
    }
  }
  throw new StickyError('PORT_IN_USE', `no free port between ${LOWEST} and ${HIGHEST} on ${HOST}`, 'Close programs that hold many ports.');
}

/** Throws PORT_IN_USE when somebody listens on that port of 127.0.0.1, or when we may not. */
export async function claimPort(port: number): Promise<number> {
  if (!(await isFree(port))) throw new StickyError('PORT_IN_USE', `port ${port} of ${HOST} is taken`);
  return port;
}

/** Whether a log tells that the port was taken: the words of Node, nginx, Redis and the JVM. */
export function tellsPortInUse(log: string): boolean {
  return /EADDRINUSE|address (?:already )?in use/i.test(log);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function outgoingRange(): { readonly from: number; readonly to: number } {
  try {
    const [from, to] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').trim().split(/\s+/).map(Number);
    return from !== undefined && to !== undefined ? { from, to } : DYNAMIC;
  } catch {
    return DYNAMIC;
  }
}
