// Runs the built command line as a user would, in a folder of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Measure } from '../../model/measure.ts';
import type { Report } from '../../model/report.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. `interrupt` sends it a signal once its stderr shows `sign`. */
export interface Command {
  readonly pid: number;
  readonly done: Promise<Outcome>;
  /** Resolves once stderr or stdout holds the text; rejects when the command ends before. */
  shows(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A fresh folder that is removed after the tests of the file. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
  folders.push(folder);
  return folder;
}

/** Starts `stickybench` with these arguments in `cwd`; where `openFiles` is given, no process of it may open more. */
export function start(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  openFiles: number | null = null,
): Command {
  // Every process of a lab inherits TMPDIR, and nginx, which overwrites its environment, names its folder there: so strays can be found.
  const marked = { ...process.env, TMPDIR: cwd, ...env };
  const [program, ...words] = openFiles === null ? [process.execPath, MAIN, ...args] : limited(openFiles, args);
  const child = spawn(program, words, { cwd, env: marked, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      child.emit('shown');
    });
  }
  const done = new Promise<Outcome>((resolve) => child.on('close', (code) => resolve({ code, ...output })));
  const shows = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (output.stderr.includes(text) || output.stdout.includes(text)) resolve();
      };
      child.on('shown', look);
      look();
      void done.then(({ stderr }) => reject(new Error(`ended without showing ${JSON.stringify(text)}:\n${stderr}`)));
    });
  if (child.pid === undefined) throw new Error('node did not start');
  return { pid: child.pid, done, shows, signal: (signal) => child.kill(signal) };
}

/** The shell sets the limit and becomes the command. */
function limited(openFiles: number, args: readonly string[]): readonly [string, ...string[]] {
  return ['sh', '-c', `ulimit -n ${openFiles}; exec "$0" "$@"`, process.execPath, MAIN, ...args];
}

/** Runs `stickybench` to its end. */
export function stickybench(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  openFiles: number | null = null,
): Promise<Outcome> {
  return start(args, cwd, env, openFiles).done;
}

/** The report of the latest run in a folder. */
export function latestReport(cwd: string): Report {
  return JSON.parse(readFileSync(join(cwd, 'runs/latest/report.json'), 'utf8')) as Report;
}

/** The measure with exactly these labels. Throws when there is none. */
export function measure(report: Report, name: string, labels: Readonly<Record<string, string>> = {}): Measure {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  const found = report.measures.find((one) => one.name === name && JSON.stringify(Object.entries(one.labels).sort()) === wanted);
  if (found === undefined) throw new Error(`no measure ${name} ${wanted}`);
  return found;
}

/** Processes that a command started in this folder, wherever they hang in the tree by now: by their command line or their environment. */
export function strays(cwd: string): readonly string[] {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  return pids
    .filter((pid) => `${told(pid, 'cmdline')} ${told(pid, 'environ')}`.includes(cwd))
    .map((pid) => `${pid} ${told(pid, 'cmdline')}`);
}

function told(pid: string, what: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
