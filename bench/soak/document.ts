// What a soak leaves: a steady load for a long time, and what judging its record took.

import { median, type Point, slope } from '../rig/figures.ts';
import type { Machine } from '../rig/machine.ts';
import type { Window } from './windows.ts';

export interface SoakDocument {
  readonly version: 1;
  readonly command: string;
  /** Wall clock, ISO 8601 UTC. */
  readonly startedAt: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly soak: Soak | null;
  readonly judged: readonly Judged[];
}

export interface Soak {
  readonly minutes: number;
  /** Requests per second that were asked for, and users who made them. */
  readonly rate: number;
  readonly users: number;
  /** Requests by the target's count, and rows in the record: the same number, unless something was lost. */
  readonly requests: number;
  readonly rows: number;
  readonly verdict: string;
  readonly answer: string;
  /** Cores busy, as mean of the whole run. */
  readonly busy: number;
  /** Resident memory in MB, one look each second since the start of the process. */
  readonly resident: readonly number[];
  readonly windows: readonly Window[];
}

/** A record judged again by `stickybench analyze`. Bytes and seconds. */
export interface Judged {
  readonly what: string;
  readonly rows: number;
  readonly size: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
  /** Whether it gave the report of the run, byte for byte. */
  readonly same: boolean;
}

/** What a quantity does in the course of a soak. */
export interface Trend {
  /** Gain per hour, by least squares. Null with too few points. */
  readonly perHour: number | null;
  /** Medians of the first and the last third. */
  readonly first: number;
  readonly last: number;
}

/** The first minute is no part of a trend: there code is still compiled and the heap finds its size. */
const SETTLED = 60;

export function residentTrend({ resident }: Soak): Trend | null {
  return trendOf(resident.map((y, x) => ({ x, y })));
}

/** Of the 99th percentile, in milliseconds. The last window is left out where it is shorter than the others. */
export function latencyTrend({ windows }: Soak): Trend | null {
  const most = Math.max(...windows.map(({ requests }) => requests));
  return trendOf(windows.filter(({ requests }) => requests > most / 2).map(({ at, p99 }) => ({ x: at, y: p99 })));
}

/** Points by seconds since the start. Null when none of them is settled. */
function trendOf(points: readonly Point[]): Trend | null {
  const settled = points.filter(({ x }) => x >= SETTLED);
  if (settled.length === 0) return null;
  const perSecond = slope(settled);
  const third = Math.ceil(settled.length / 3);
  const level = (some: readonly Point[]): number => median(some.map(({ y }) => y));
  return {
    perHour: perSecond === null ? null : perSecond * 3600,
    first: level(settled.slice(0, third)),
    last: level(settled.slice(-third)),
  };
}
