import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from './ledger.ts';
import { inspect, membersOf } from './proc.ts';

const HOLDER = fileURLToPath(new URL('./fixtures/holder.js', import.meta.url));

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Held {
  readonly master: number;
  readonly watcher: number;
  readonly folder: string;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts the holder and resolves once it has told what it holds. */
async function hold(way: string): Promise<Held> {
  const holder = spawn(process.execPath, [HOLDER, way, root], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => holder.once('exit', (code, signal) => resolve(signal ?? code)));
  const [line] = (await Promise.race([
    new Promise((resolve) => createInterface(holder.stdout).once('line', (text) => resolve([text]))),
    ended.then((how) => {
      throw new Error(`the holder ended at once: ${how}`);
    }),
  ])) as [string];
  return { ...JSON.parse(line), ended, signal: (signal) => holder.kill(signal) };
}

function left(held: Held): { processes: readonly number[]; folder: boolean } {
  return {
    processes: [held.master, held.watcher].flatMap((pid) => membersOf(pid).map((member) => member.pid)),
    folder: existsSync(held.folder),
  };
}

const NOTHING = { processes: [], folder: false };

describe('nothing outlives us', () => {
  it.each([
    ['stopAll', 0],
    ['process.exit', 7],
    ['exception', 1],
    ['rejection', 1],
  ])('after %s', async (way, code) => {
    const held = await hold(way);
    expect(await held.ended).toBe(code);
    expect(left(held)).toEqual(NOTHING);
    expect(existsSync(join(root, 'told'))).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('after %s, and we die of that signal', async (signal) => {
    const held = await hold('wait');
    held.signal(signal);
    expect(await held.ended).toBe(signal);
    expect(left(held)).toEqual(NOTHING);
    expect(existsSync(join(root, 'told'))).toBe(true);
  });

  it('after a signal that somebody else handles his way', async () => {
    const held = await hold('own handler');
    held.signal('SIGINT');
    expect(await held.ended).toBe(130);
    expect(left(held)).toEqual(NOTHING);
  });

  it('after SIGKILL once the next start has swept', async () => {
    const held = await hold('wait');
    held.signal('SIGKILL');
    expect(await held.ended).toBe('SIGKILL');
    const worker = Number(/worker (\d+)/.exec(readFileSync(join(held.folder, 'master.log'), 'utf8'))?.[1]);
    expect(membersOf(held.master).map((member) => member.pid)).toEqual([held.master, worker]);
    expect(sweep(root)).toContain(held.master);
    await expect.poll(() => left(held), { timeout: 10_000 }).toEqual(NOTHING);
  });

  it('after SIGKILL, a master that died too leaves its workers to the sweep', async () => {
    const held = await hold('wait');
    held.signal('SIGKILL');
    await held.ended;
    process.kill(held.master, 'SIGKILL');
    await expect.poll(() => inspect(held.master), { timeout: 10_000 }).toBe(null);
    expect(membersOf(held.master)).toHaveLength(1);
    expect(sweep(root)).toContain(held.master);
    await expect.poll(() => left(held), { timeout: 10_000 }).toEqual(NOTHING);
  });

  it('after SIGKILL, a process that watches its standard input ends by itself', async () => {
    const held = await hold('wait');
    held.signal('SIGKILL');
    await held.ended;
    await expect.poll(() => inspect(held.watcher), { timeout: 10_000 }).toBe(null);
    sweep(root);
  });

  it('while we live, another start sweeps nothing of ours', async () => {
    const held = await hold('wait');
    expect(sweep(root)).toEqual([]);
    expect([inspect(held.master)?.pid, inspect(held.watcher)?.pid, existsSync(held.folder)]).toEqual([held.master, held.watcher, true]);
    held.signal('SIGTERM');
    await held.ended;
  });
});
