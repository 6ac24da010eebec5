import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../batch.ts';
import { createBacklog } from './backlog.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stickybench-backlog-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const batch = (name: string, count: number): Batch => ({
  rows: new Uint8Array(count * 64).fill(name.charCodeAt(0)).buffer,
  count,
  anew: false,
  texts: [name],
  titles: [],
  bearers: [0, -1, -1, -1],
  endings: [],
  mark: null,
});

describe('a backlog', () => {
  it('gives each source its batches in order, from memory or from the file', () => {
    const path = join(folder, 'waiting');
    const backlog = createBacklog(path, 2, 100);
    const [a, b, c, d] = [batch('a', 60), batch('b', 60), batch('c', 40), batch('d', 10)];
    backlog.put(0, a);
    expect(existsSync(path)).toBe(false);
    backlog.put(0, b);
    backlog.put(1, c);
    backlog.put(1, d);
    expect(backlog.take(0)).toBe(a);
    backlog.put(0, a);
    expect([backlog.take(0), backlog.take(0), backlog.take(0)]).toEqual([b, a, null]);
    expect([backlog.take(1), backlog.take(1), backlog.take(1)]).toEqual([c, d, null]);
    backlog.close();
    expect(existsSync(path)).toBe(false);
  });

  it('uses the file from its start again once everything in it was taken', () => {
    const path = join(folder, 'waiting');
    const backlog = createBacklog(path, 1, 0);
    backlog.put(0, batch('a', 1_000));
    const size = statSync(path).size;
    expect(backlog.take(0)).toEqual(batch('a', 1_000));
    expect(statSync(path).size).toBe(0);
    backlog.put(0, batch('b', 1_000));
    expect(statSync(path).size).toBe(size);
    backlog.close();
  });

  it('knows its sources', () => {
    const backlog = createBacklog(join(folder, 'waiting'), 2, 100);
    expect(() => backlog.put(2, batch('a', 1))).toThrow('there is no source 2: they are numbered from 0 to 1');
  });
});
