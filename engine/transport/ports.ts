// Source ports of our own choosing, per source address.
//
// A trap: with a source address and port 0, Linux searches the port range at bind time, and slows down silently to a tenth after some
// 7,000 sockets per address. With ports of our own inside the ephemeral range, it is every other connection of the machine that fails
// (EADDRNOTAVAIL). So ports come from outside that range.

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
export function portsOutside([first, last]: PortRange, shard: Shard, start: number): Ports {
  const left = Math.max(0, first - LOWEST) + Math.max(0, HIGHEST - last);
  if (left < FEWEST) return { take: () => 0, give: () => {} };
  const quiet: readonly PortRange[] = [
    [LOWEST, first - 1],
    [last + 1, HIGHEST],
  ];
  return portAllocator(quiet, shard, start);
}

/** Hands out the shard's ports of `ranges` round and round, so that the one given back last comes last. `start`: how many to skip at first. */
export function portAllocator(ranges: readonly PortRange[], shard: Shard, start: number): Ports {
  const all = ranges.flatMap(([first, last]) => Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place));
  const ports = all.filter((port) => isIn(shard, port));
  const sources = new Map<string, { next: number; readonly taken: Set<number> }>();
  return {
    take(source) {
      let state = sources.get(source);
      if (state === undefined) {
        state = { next: start, taken: new Set() };
        sources.set(source, state);
      }
      if (state.taken.size === ports.length) return null;
      for (;;) {
        const port = ports[state.next++ % ports.length] as number;
        if (state.taken.has(port)) continue;
        state.taken.add(port);
        return port;
      }
    },
    give(source, port) {
      sources.get(source)?.taken.delete(port);
    },
  };
}

function ephemeralPorts(): PortRange {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    return first !== undefined && last !== undefined ? [first, last] : DYNAMIC;
  } catch {
    return DYNAMIC;
  }
}
