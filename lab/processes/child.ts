// One process of the lab: started in a group of its own, its words in a log file, ready only once that was seen.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { StickyError } from '../../model/errors.ts';
import { membersOf } from './proc.ts';

export interface ProcessSpec {
  /** Unique among the processes that live at one time: a backend's name, `balancer`, `store`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to PATH, HOME, LANG, TMPDIR and TZ of ours; nothing else is passed on. */
  readonly env: Readonly<Record<string, string>>;
  /** Should lie in the supervisor's folder: what is left of a group is known by it. */
  readonly cwd: string;
  /** Resolves when the process is seen to do its work. See ready.ts. */
  readonly ready: (child: Child) => Promise<void>;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly spec: ProcessSpec;
  readonly running: boolean;
  /** We sent it a signal that ends it: its death is no surprise. */
  readonly condemned: boolean;
  /** Settles once the process is gone, and with it the rest of its group. Never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Path of the file with its standard output and error. Starts of the same name append to one file. */
  readonly log: string;
  /** Bytes that were in the log before this start. */
  readonly logStart: number;
  /** Signals the process and its group: nginx and its workers, a JVM alone. Does nothing to a process that is gone. */
  signal(signal: NodeJS.Signals): void;
}

interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const LOG_LINES = 20;
/** Milliseconds that killed members of a group may take to be gone, and between two looks. */
const GROUP_LIMIT = 10_000;
const GROUP_BETWEEN = 5;
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ'];

/** Starts a process without waiting for it to be ready. `log` is the path of its log file. Throws PROGRAM_MISSING when it cannot be executed. */
export async function spawnChild(spec: ProcessSpec, log: string): Promise<Child> {
  const output = openSync(log, 'a');
  const logStart = statSync(log).size;
  // A session of its own: Ctrl-C in the terminal reaches us alone. The open standard input tells a child of ours when we are gone.
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: environment(spec),
    detached: true,
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  child.stdin?.on('error', () => undefined);
  return describe(spec, child, await pidOf(spec, child), { log, logStart });
}

/** Waits for `spec.ready`. Throws LAB_NOT_READY with the end of the log when the process exits first or when `ready` gives up. */
export async function untilReady(child: Child): Promise<void> {
  const ready = child.spec.ready(child).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const exited = child.exited.then((exit) => `exited with ${describeExit(exit)} before it was ready`);
  const problem = await Promise.race([ready, exited]);
  // A process that went away makes its readiness check fail too; how it went says more.
  if (problem === null && child.running) return;
  const reason = child.running ? problem : await exited;
  throw new StickyError('LAB_NOT_READY', `${child.name} ${reason}. Its log ends:\n${logTail(child)}`);
}

/** What the child wrote since this start, at most its last `lines` lines. */
export function logTail(child: Pick<Child, 'log' | 'logStart'>, lines: number = LOG_LINES): string {
  const text = logText(child).trimEnd();
  return text === '' ? '(empty)' : text.split('\n').slice(-lines).join('\n');
}

/** What the child wrote since this start. */
export function logText(child: Pick<Child, 'log' | 'logStart'>): string {
  try {
    return readFileSync(child.log).subarray(child.logStart).toString('utf8');
  } catch {
    return '';
  }
}

/** `code 1` or `SIGKILL`. */
function describeExit(exit: ChildExit): string {
  return exit.signal ?? `code ${exit.code}`;
}

function environment(spec: ProcessSpec): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...spec.env };
}

function pidOf(spec: ProcessSpec, child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new StickyError('PROGRAM_MISSING', `${spec.name}: ${spec.command} cannot be executed: ${error.message}`));
    });
    if (child.pid !== undefined) resolve(child.pid);
  });
}

function describe(spec: ProcessSpec, child: ChildProcess, pid: number, log: { log: string; logStart: number }): Child {
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      // Workers do not survive their master.
      send(pid, 'SIGKILL');
      groupGone(pid).then(() => resolve({ code, signal }));
    });
  });
  let condemned = false;
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    name: spec.name,
    pid,
    spec,
    ...log,
    exited,
    get running() {
      return running();
    },
    get condemned() {
      return condemned;
    },
    signal(signal) {
      if (!running()) return;
      condemned ||= signal !== 'SIGSTOP' && signal !== 'SIGCONT';
      send(pid, signal);
    },
  };
}

/** A worker may hold its master's port for a moment longer. */
async function groupGone(group: number): Promise<void> {
  const deadline = performance.now() + GROUP_LIMIT;
  while (membersOf(group).length > 0 && performance.now() < deadline) await pause(GROUP_BETWEEN);
}

function send(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: it went away by itself.
  }
}
