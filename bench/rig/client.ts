// A client under way: started on its core, watched until it loads the target, and ended.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killTree } from './process-tree.ts';
import type { Target } from './target.ts';

export interface Client {
  readonly pid: number;
  /** Seconds from its start until it loaded the target. */
  readonly startUp: number;
  /** Requests that the target was sent since the start of this client. */
  requests(): Promise<number>;
  /** Null while it runs. */
  ending(): { readonly code: number | null; readonly words: string } | null;
  /** Ends it at once, if it has not ended, and waits until the target has closed its connections. */
  stop(): Promise<void>;
}

export interface Start {
  readonly command: readonly string[];
  /** As taskset takes them: `1`, or `0,1`. */
  readonly cores: string;
  readonly env: Readonly<Record<string, string>>;
  /** Requests that make a load. */
  readonly load: number;
  /** Seconds it may take until then. */
  readonly patience: number;
}

/** What clients are told besides their command lines: the build of stickybench, and to keep to themselves. */
export function environmentOf(dist: string): Readonly<Record<string, string>> {
  return { STICKYBENCH_DIST: dist, ARTILLERY_DISABLE_TELEMETRY: 'true', NODE_OPTIONS: '' };
}

const running = new Set<number>();
process.once('exit', () => {
  for (const pid of running) killTree(pid);
});

/** Starts a client and returns once the target has answered its first requests. Throws, with the client's own words, when it ends or stays silent. */
export async function startClient(target: Target, { command, cores, env, load, patience }: Start): Promise<Client> {
  const before = (await target.count()).requests;
  const words = join(target.folder, 'words.log');
  const began = performance.now();
  const child = spawnPinned(command, cores, env, target.folder, words);
  const pid = child.pid ?? 0;
  const ending = () => (child.exitCode === null && child.signalCode === null ? null : { code: child.exitCode, words: lastWords(words) });
  const stop = () => end(child, target);
  const requests = async () => (await target.count()).requests - before;
  try {
    while ((await requests()) < load) {
      const ended = ending();
      if (ended !== null) throw new Error(`ended with code ${ended.code} before it had asked for anything: ${ended.words}`);
      if (performance.now() - began > patience * 1000) throw new Error(`asked for nothing in ${patience} s: ${lastWords(words)}`);
      await sleep(20);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid, startUp: (performance.now() - began) / 1000, requests, ending, stop };
}

function spawnPinned(
  command: readonly string[],
  cores: string,
  env: Readonly<Record<string, string>>,
  cwd: string,
  words: string,
): ChildProcess {
  const out = openSync(words, 'w');
  const child = spawn('taskset', ['-c', cores, ...command], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', out] });
  closeSync(out);
  child.on('error', () => {});
  const { pid } = child;
  if (pid === undefined) throw new Error('taskset does not start: is util-linux there?');
  running.add(pid);
  child.once('exit', () => running.delete(pid));
  return child;
}

async function end(child: ChildProcess, target: Target): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    killTree(child.pid ?? 0);
    await gone;
  }
  const deadline = performance.now() + 10_000;
  while ((await target.count()).active > 0 && performance.now() < deadline) await sleep(20);
}

/** The end of what it wrote to stderr. */
function lastWords(path: string): string {
  return readFileSync(path, 'utf8').trim().slice(-600);
}
