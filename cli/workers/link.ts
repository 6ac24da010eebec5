// The two ends of the line between the main thread and a worker, whatever lies between.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Order, Word } from './messages.ts';

/** The main thread's end. */
export interface Link {
  /** A worker that is gone hears nothing. */
  send(order: Order): void;
  /** Resolves when the worker is gone. It has said its last word; if it stays, it is killed. */
  ended(): Promise<void>;
  /** Ends the worker at once. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** What the main thread hears of a worker. */
export interface Ear {
  /** Words come in the order in which they were said. */
  word(word: Word): void;
  /** The worker is gone, by itself or not: `exit code 1`, `SIGKILL`, or what it threw. Called once. */
  gone(reason: string): void;
}

export type OpenLink = (ear: Ear) => Link;

/** How long a worker may take to leave after its last word, in milliseconds. */
export const LEAVING_MS = 5_000;

/** The module that every worker runs. Node 20 does not run TypeScript: from sources, as in tests, workers run from the build. */
export function workerModule(): string {
  const here = import.meta.url;
  const built = here.endsWith('.ts') ? new URL('../../dist/cli/workers/main.js', here) : new URL('./main.js', here);
  const path = fileURLToPath(built);
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm run build\` first`);
  return path;
}
