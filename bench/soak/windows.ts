// Latencies of a long run, window by window. Pure.

import { quantile } from '../rig/figures.ts';

/** What users felt in one stretch of a run. Times in seconds, latencies in milliseconds. */
export interface Window {
  /** Its beginning, since run start. */
  readonly at: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Windows {
  /** One request, in microseconds since run start. It counts where it was due. */
  add(due: number, done: number): void;
  /** In order. The last one may be short. */
  finish(): readonly Window[];
}

/** Windows of so many seconds. Every latency is kept: four bytes and more for each request. */
export function createWindows(length: number): Windows {
  const felt: number[][] = [];
  return {
    add(due, done) {
      const place = Math.floor(due / (length * 1e6));
      let its = felt[place];
      if (its === undefined) {
        its = [];
        felt[place] = its;
      }
      its.push(done - due);
    },
    finish: () =>
      [...felt.entries()].flatMap(([place, its]) =>
        its === undefined
          ? []
          : [{ at: place * length, requests: its.length, p50: quantile(its, 0.5) / 1000, p99: quantile(its, 0.99) / 1000 }],
      ),
  };
}
