// What a comparison leaves: every single measurement, with what it was measured on.

import type { Machine } from '../rig/machine.ts';
import type { Does, RowKey } from './rows.ts';
import type { SectionKey } from './sections.ts';

/** Rises when a reader of the old form would misread the new one. */
export const DOCUMENT_VERSION = 1;

export interface BenchDocument {
  readonly version: typeof DOCUMENT_VERSION;
  /** What was typed. */
  readonly command: string;
  /** Wall clock, ISO 8601 UTC. */
  readonly startedAt: string;
  /** How long all of it took, in seconds. */
  readonly took: number;
  readonly machine: Machine;
  /** Program to version; a program that does not tell is left out. */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly sections: readonly SectionResult[];
  readonly seen: readonly SeenResult[];
  readonly memory: readonly MemoryResult[];
  readonly leftOut: readonly LeftOut[];
}

interface Settings {
  readonly quick: boolean;
  /** Seconds of load before the window, and of the window in which costs are read. */
  readonly warmUp: number;
  readonly window: number;
}

export interface SectionResult {
  readonly key: SectionKey;
  readonly title: string;
  readonly about: string;
  readonly unit: 'request' | 'connection';
  readonly connections: number;
  readonly rows: readonly RowResult[];
}

export interface RowResult {
  readonly key: RowKey;
  readonly name: string;
  readonly does: Does;
  readonly runs: readonly Run[];
  /** Why a round of it could not be measured, null when all could. */
  readonly failed: string | null;
}

/** One client in one window. Costs are CPU time in microseconds per request, or per connection where the section counts those; busy times are in cores. */
export interface Run {
  readonly round: number;
  /** Length of the window, in seconds. */
  readonly seconds: number;
  /** Requests or connections in the window, by the target's count. */
  readonly count: number;
  readonly cost: number;
  readonly targetCost: number;
  readonly clientBusy: number;
  readonly targetBusy: number;
  /** Work of everything else on the machine, and time the hypervisor took away. */
  readonly othersBusy: number;
  readonly stolen: number;
  /** Connections open at the end of the window. */
  readonly connections: number;
  /** Answers in the window whose status was not 200. */
  readonly wrong: number;
  readonly after: After | null;
}

/** What was left to do when the load of a client that ends by itself had ended, and what the whole of it cost. */
export interface After {
  /** From the last answer to the end of the process, in seconds, and the CPU time of that. */
  readonly seconds: number;
  readonly cpu: number;
  /** Requests from start to end, and CPU time per request, in microseconds, start-up and ending included. */
  readonly requests: number;
  readonly wholeCost: number;
}

/** What the target saw a client send. */
export interface SeenResult {
  readonly section: SectionKey;
  readonly row: RowKey;
  readonly name: string;
  readonly seen: Seen;
}

export interface Seen {
  readonly requests: number;
  /** Requests without a session cookie. */
  readonly bare: number;
  /** Different sessions, source addresses and connections. */
  readonly cookies: number;
  readonly addresses: number;
  readonly connections: number;
  /** Different sessions on one connection, as median: 1 when a connection belongs to one user whose session keeps its id. */
  readonly cookiesPerConnection: number;
}

/** Memory of a tool that holds so many users. Bytes. */
export interface MemoryResult {
  readonly tool: string;
  /** What stands for a user in this tool, and what it does while it is looked at. */
  readonly user: string;
  readonly users: number;
  /** Resident when all were there; the most it was until then. */
  readonly resident: number;
  readonly peak: number;
  /** What each user added, compared with ten of them. */
  readonly perUser: number;
  /** Seconds from start to the first request. */
  readonly startUp: number;
}

export interface LeftOut {
  readonly what: string;
  readonly why: string;
}
