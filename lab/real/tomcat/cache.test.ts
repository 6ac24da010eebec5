import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweepCache, touched } from './cache.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

/** A folder in the cache, last used so many minutes ago. */
function entry(name: string, minutes: number): string {
  const path = join(cache, name);
  mkdirSync(path);
  writeFileSync(join(path, 'file'), '');
  const when = new Date(NOW - minutes * MINUTE);
  utimesSync(path, when, when);
  return path;
}

describe('sweepCache', () => {
  it('removes what was left unfinished more than an hour ago', () => {
    entry('unfinished-a', 59);
    entry('unfinished-b', 61);
    sweepCache(cache, NOW);
    expect(readdirSync(cache)).toEqual(['unfinished-a']);
  });

  it('keeps the five results used last, and what is not its own', () => {
    for (const minutes of [1, 2, 3, 4, 5, 6, 7]) entry(`java-${minutes}`, minutes * 10_000);
    entry('other', 90_000);
    sweepCache(cache, NOW);
    expect(readdirSync(cache).sort()).toEqual(['java-1', 'java-2', 'java-3', 'java-4', 'java-5', 'other']);
  });

  it('does nothing where there is no cache', () => {
    const nowhere = join(cache, 'nowhere');
    sweepCache(nowhere, NOW);
    expect(readdirSync(cache)).toEqual([]);
  });
});

describe('touched', () => {
  it('makes a result the last used', () => {
    const path = entry('java-1', 1000);
    const before = Date.now();
    expect(touched(path)).toBe(true);
    // Clock ticks of the file system may be a few milliseconds long.
    expect(statSync(path).mtimeMs).toBeGreaterThan(before - 1_000);
  });

  it('is false where there is none, and makes none', () => {
    expect(touched(join(cache, 'java-1'))).toBe(false);
    expect(readdirSync(cache)).toEqual([]);
  });
});
