// Keeps the cache of compiled classes small.

import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** How names begin in the cache: of a result, and of the folder in which one is being made. */
export const FINISHED = 'java-';
export const UNFINISHED = 'unfinished-';

/** Results that are kept, and milliseconds after which a folder is surely not being worked in. */
const KEPT = 5;
const ABANDONED = 3_600_000;

/**
 * Removes what a killed stickybench left half made more than an hour ago, and all results but the five used last. `now` in Unix
 * milliseconds. Never throws: a cache that cannot be swept is still a cache.
 */
export function sweepCache(cache: string, now: number): void {
  for (const { path } of entries(cache, UNFINISHED).filter(({ used }) => now - used > ABANDONED)) remove(path);
  for (const { path } of entries(cache, FINISHED).slice(KEPT)) remove(path);
}

/** Notes that a result is used now. False when there is none. */
export function touched(path: string): boolean {
  try {
    utimesSync(path, new Date(), new Date());
    return true;
  } catch {
    // Perhaps we may only read it.
    return usedAt(path) !== null;
  }
}

interface CacheEntry {
  readonly path: string;
  /** Unix milliseconds. */
  readonly used: number;
}

/** The last used first. */
function entries(cache: string, prefix: string): readonly CacheEntry[] {
  return listOrEmpty(cache)
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ path: join(cache, name), used: usedAt(join(cache, name)) }))
    .filter((entry): entry is CacheEntry => entry.used !== null)
    .sort((one, other) => other.used - one.used);
}

function usedAt(path: string): number | null {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
}

function listOrEmpty(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Somebody else's, or another start removes it too.
  }
}
