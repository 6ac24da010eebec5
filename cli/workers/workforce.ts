// How many workers a run gets, and of what kind.

import { availableParallelism } from 'node:os';
import { OWN_FILES, thisMachine } from '../../engine/limits-machine.ts';
import { connectionsWanted } from '../../engine/limits-wanted.ts';
import { StickyError } from '../../model/errors.ts';
import { WHOLE, type Workforce } from '../../model/shard.ts';
import type { Workload } from '../../model/workload.ts';

/** `auto`, or how many. */
export type Asked = 'auto' | number;

/** More than this is a slip of the keyboard. */
const MOST = 256;

/** What `--workers` says. Throws USAGE. */
export function askedFor(text: string): Asked {
  if (text === 'auto') return text;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST) {
    throw new StickyError('USAGE', `--workers is a number from 1 to ${MOST}, or auto; got ${text}.`);
  }
  return count;
}

/** What a choice of workers rests on. */
export interface Circumstances {
  readonly workload: Workload;
  /** Address of the target. */
  readonly url: string;
  /** Cores that this process may use. */
  readonly cores: number;
  /** Most connections that all workers together may have open at one time. */
  readonly connections: number;
  /** Files that one process may open; null when nobody knows. */
  readonly openFiles: number | null;
}

/** The workforce, and a line that says why it is so. */
export interface Choice {
  readonly workforce: Workforce;
  readonly why: string;
}

/**
 * Threads, because they start at once and pass the record on without copying it; processes where one could not open all the connections.
 * One worker is the main thread itself: on one core nothing is faster.
 */
export function chooseWorkforce(asked: Asked, { workload, url, cores, connections, openFiles }: Circumstances): Choice {
  const count = asked === 'auto' ? automatic(workload, url, cores) : asked;
  const reason = asked === 'auto' ? ` (auto, ${cores} cores)` : '';
  if (count === 1) return { workforce: { count, as: 'main' }, why: `one worker${reason}` };
  if (openFiles === null || connections + OWN_FILES <= openFiles) {
    return { workforce: { count, as: 'threads' }, why: `${count} worker threads${reason}` };
  }
  const figures = `${connections.toLocaleString('en')} connections, and one process may open ${openFiles.toLocaleString('en')} files`;
  return { workforce: { count, as: 'processes' }, why: `${count} worker processes${reason}: the load may want ${figures}` };
}

/**
 * One core is left for the main thread, which merges and records, and two more for the balancer and its backends when they are on this
 * machine: what they lack would be measured as their slowness. Never more workers than users.
 */
function automatic({ target, users }: Workload, url: string, cores: number): number {
  const reserved = target.kind === 'lab' || isHere(url) ? 3 : 1;
  return Math.max(1, Math.min(users.count, cores - reserved));
}

function isHere(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

/** The circumstances of a workload on this machine. */
export function circumstancesOf(workload: Workload, url: string): Circumstances {
  const connections = connectionsWanted(workload, WHOLE).inAll.atMost;
  return { workload, url, cores: availableParallelism(), connections, openFiles: thisMachine().openFiles };
}
