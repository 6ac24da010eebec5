// Source ports of our own choosing, per source address.
//
// A trap: with a source address and port 0, Linux searches the port range at bind time, and slows down silently to a tenth after some
// 7,000 sockets per address. With ports of our own inside the ephemeral range, it is every other connection of the machine that fails
// (EADDRNOTAVAIL). So ports come from outside that range.
//
// A port in TIME_WAIT is no hindrance, so a minute of new connections needs no more ports than are open at one time. Where the server closed
// first, the TIME_WAIT is its own. Where we did, Linux lets a socket with a port of its own replace it as long as both sides use TCP
// timestamps, which they do unless told not to (net/ipv4/tcp_ipv4.c, tcp_twsk_unique: no waiting when the port was bound before). A port that
// is not to be had for any other reason shows when it is used, and the next one is tried.

import { readFileSync } from 'node:fs';
import { isIn, type Shard } from '../../model/shard.ts';

/** First and last port, both included. */
export type PortRange = readonly [number, number];

export interface Ports {
  /** A port that is free as far as we know, 0 when the system is to choose, or null when all are taken. */
  take(source: string): number | null;
  give(source: string, port: number): void;
}

const LOWEST = 1024;
const HIGHEST = 65535;
/** IANA's dynamic ports, RFC 6335: where the machine does not tell. */
const DYNAMIC: PortRange = [49152, 65535];

/** Fewer ports than this are no help: a source may need a thousand connections at one time. */
const FEWEST = 1000;

/**
 * The ports of this machine that are ours to take. Workers of one run share every source address, so each takes only the ports whose number
 * leaves its index when divided by their count. A random start keeps runs side by side, or one after the other, off each other's ports.
 */
export function ownPorts(shard: Shard): Ports {
  return portsOutside(ephemeralPorts(), shard, Math.floor(Math.random() * HIGHEST));
}

/**
 * The shard's part of the unprivileged ports outside the machine's ephemeral range. Where that range leaves hardly any (`1024 65535`), the
 * system chooses: slow with many connections, but better than none.
 */
export function portsOutside(ephemeral: PortRange, shard: Shard, start: number): Ports {
  const quiet = quietRanges(ephemeral);
  return quiet === null ? { take: () => 0, give: () => {} } : portAllocator(quiet, shard, start);
}

/** The ranges outside; null where they hold hardly any ports. */
function quietRanges([first, last]: PortRange): readonly PortRange[] | null {
  const left = Math.max(0, first - LOWEST) + Math.max(0, HIGHEST - last);
  if (left < FEWEST) return null;
  return [
    [LOWEST, first - 1],
    [last + 1, HIGHEST],
  ];
}

/** The ports that one source has in use, and where it looks for the next. */
interface Source {
  readonly taken: Set<number>;
  next: number;
}

/**
 * Hands out the shard's ports of `ranges` round and round, so that the one given back last comes last. `start`: how many to skip at first.
 * Nothing is kept of a source without a port in use: there may be a million of them. The next source to come goes on where it stopped.
 */
export function portAllocator(ranges: readonly PortRange[], shard: Shard, start: number): Ports {
  const ports = portsIn(ranges, shard);
  const sources = new Map<string, Source>();
  let begin = start;

  function sourceOf(address: string): Source {
    const known = sources.get(address);
    if (known !== undefined) return known;
    const source = { taken: new Set<number>(), next: begin };
    sources.set(address, source);
    return source;
  }

  function take(address: string): number | null {
    if (ports.length === 0) return null;
    const source = sourceOf(address);
    if (source.taken.size === ports.length) return null;
    for (;;) {
      const port = ports[source.next++ % ports.length] as number;
      if (source.taken.has(port)) continue;
      source.taken.add(port);
      return port;
    }
  }

  function give(address: string, port: number): void {
    const source = sources.get(address);
    source?.taken.delete(port);
    if (source?.taken.size !== 0) return;
    begin = source.next % ports.length;
    sources.delete(address);
  }

  return { take, give };
}

function portsIn(ranges: readonly PortRange[], shard: Shard): Uint16Array {
  const all = ranges.flatMap(([first, last]) => Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place));
  return Uint16Array.from(all.filter((port) => isIn(shard, port)));
}

/** How many ports per source address the shard has for itself; 0 where the system chooses them. */
export function ownPortCount(ephemeral: PortRange, shard: Shard): number {
  const quiet = quietRanges(ephemeral);
  return quiet === null ? 0 : portsIn(quiet, shard).length;
}

/** The ports that this machine gives out itself. */
export function ephemeralPorts(): PortRange {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    return first !== undefined && last !== undefined ? [first, last] : DYNAMIC;
  } catch {
    return DYNAMIC;
  }
}
