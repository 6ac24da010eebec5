// Ports to listen on: free ones that no outgoing connection will take, and fixed ones that must be free.

import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { StickyError } from '../../model/errors.ts';

const HOST = '127.0.0.1';
const LOWEST = 10_000;
const HIGHEST = 65_535;
/** What the kernel hands to outgoing connections where /proc does not say (IANA's dynamic ports, RFC 6335 section 6). */
const DYNAMIC = { from: 49_152, to: 65_535 };

const given = new Set<number>();

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * A free TCP port of 127.0.0.1, outside the range of outgoing connections: otherwise one of these could sit on the port of a backend
 * while it is dead. Where that range leaves no port, one of the kernel's choice. A port is given out once per process; another program
 * may still take it before it is used.
 */
export async function freePort(outgoing: PortRange = outgoingRange()): Promise<number> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if ((port >= outgoing.from && port <= outgoing.to) || given.has(port)) continue;
    if (await isFree(port)) return give(port);
  }
  for (let tries = 0; tries < 100; tries += 1) {
    const port = await listened(0);
    if (port !== null && !given.has(port)) return give(port);
  }
  throw new StickyError('PORT_IN_USE', `no free port on ${HOST}`, 'Close programs that hold many ports.');
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

function give(port: number): number {
  given.add(port);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  return (await listened(port)) !== null;
}

/** Listens for a moment, on a port of the kernel's choice for 0. Resolves with the port, or with null when that cannot be done. */
function listened(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ host: HOST, port, exclusive: true }, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}

function outgoingRange(): PortRange {
  try {
    const [from, to] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').trim().split(/\s+/).map(Number);
    return from !== undefined && to !== undefined ? { from, to } : DYNAMIC;
  } catch {
    return DYNAMIC;
  }
}
