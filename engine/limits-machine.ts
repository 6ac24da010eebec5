// What this machine has to give to connections: open files, and ports.

import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type { Shard } from '../model/shard.ts';
import { ephemeralPorts, type PortRange } from './transport/ports.ts';

/** Open files of a process besides its connections: logs, the record, libraries, lines to workers. */
export const OWN_FILES = 200;

/** What bounds the number of connections here. */
export interface Machine {
  /** Files that one process may have open; null where nobody knows. */
  readonly openFiles: number | null;
  /** Ports that the system gives out itself. */
  readonly ephemeral: PortRange;
  /** Ports of closed connections can be used again at once: they can where TCP timestamps are not switched off. */
  readonly timestamps: boolean;
}

export function thisMachine(): Machine {
  const timestamps = textOf('/proc/sys/net/ipv4/tcp_timestamps').trim() !== '0';
  return { openFiles: openFileLimit(), ephemeral: ephemeralPorts(), timestamps };
}

/** Most files that this process may have open at one time; null where the system does not tell (`/proc/self/limits`, the soft limit). */
function openFileLimit(): number | null {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(textOf('/proc/self/limits')) ?? [];
  if (soft === undefined) return null;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Connections that one worker may have open at one time. Threads share the files of their process; a process of its own has as many again. */
export function connectionsPossible({ of }: Shard): number {
  const limit = openFileLimit();
  if (limit === null) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor((limit - OWN_FILES) / (isMainThread ? 1 : of)));
}

/** Text of a file of the system; empty where there is none. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
