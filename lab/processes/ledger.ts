// The book of what was started, kept on disk so that the next start can end what a killed stickybench left behind.

import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { StickyError } from '../../model/errors.ts';
import { directoryOf, inspect, membersOf, pidWorld } from './proc.ts';

/** One lab's folder: `<tmp>/stickybench-<uid>/<pid>-<random>`, with the owner's identity and one file for each child. */
export interface Ledger {
  readonly folder: string;
  /** Writes down a process group before anything can happen to us. */
  enter(pid: number): void;
  strike(pid: number): void;
  /** Removes the folder and everything in it. Never throws. */
  remove(): void;
}

const OWNER = 'owner.json';
const CHILDREN = 'children';
/** Start of a process where there is no /proc to tell it. */
const UNKNOWN = '';

/**
 * Makes a folder of our own. Throws LAB_NOT_READY when the folder that holds all of them is not ours alone.
 * `root` is where all labs of this user live.
 */
export function openLedger(root: string = defaultRoot()): Ledger {
  secure(root);
  const folder = mkdtempSync(join(root, `${process.pid}-`));
  const children = join(folder, CHILDREN);
  mkdirSync(children);
  writeFileSync(
    join(folder, OWNER),
    JSON.stringify({ pid: process.pid, start: inspect(process.pid)?.start ?? UNKNOWN, world: pidWorld() }),
  );
  return {
    folder,
    enter: (pid) => writeFileSync(join(children, String(pid)), inspect(pid)?.start ?? UNKNOWN),
    strike: (pid) => rmSync(join(children, String(pid)), { force: true }),
    remove: () => removeFolder(folder),
  };
}

/** Where the labs of this user live. */
function defaultRoot(): string {
  return join(tmpdir(), `stickybench-${userInfo().uid}`);
}

/** Ends the processes and removes the folders of owners that are dead. Returns the pids of the groups it killed. */
export function sweep(root: string = defaultRoot()): readonly number[] {
  return listOrEmpty(root).flatMap((name) => sweepFolder(join(root, name)));
}

function sweepFolder(folder: string): readonly number[] {
  const here = pidWorld();
  const owner = readOwner(folder) ?? ownerByName(folder, here);
  if (owner === null) return [];
  // Pids of another boot mean nothing here; pids of another namespace on the same boot are somebody else's business.
  if (owner.world.split(' ')[0] === here.split(' ')[0]) {
    if (owner.world !== here || lives(owner)) return [];
  }
  const killed = owner.world === here ? killRecorded(folder) : [];
  removeFolder(folder);
  return killed;
}

function killRecorded(folder: string): readonly number[] {
  const children = join(folder, CHILDREN);
  const killed: number[] = [];
  for (const name of listOrEmpty(children)) {
    const pid = Number(name);
    const start = readOrNull(join(children, name));
    if (start !== null && isOurs(pid, start, folder) && killGroup(pid)) killed.push(pid);
  }
  return killed;
}

/** The leader lives and is the one written down; or it is gone, and who is left of its group works in our folder. */
function isOurs(pid: number, start: string, folder: string): boolean {
  const leader = inspect(pid);
  if (leader !== null) return leader.start === start;
  const left = membersOf(pid);
  return left.length > 0 && left.every((member) => directoryOf(member.pid)?.startsWith(folder) === true);
}

/** Sends SIGKILL to a process group. False when there is none. */
export function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

interface Owner {
  readonly pid: number;
  /** As `inspect` tells it, or UNKNOWN. */
  readonly start: string;
  readonly world: string;
}

function readOwner(folder: string): Owner | null {
  try {
    return JSON.parse(readFileSync(join(folder, OWNER), 'utf8')) as Owner;
  } catch {
    return null;
  }
}

/** Of a folder whose owner is only about to sign it, or died before he could, or while he removed it. Null for a folder that is no lab's. */
function ownerByName(folder: string, world: string): Owner | null {
  const pid = /^(\d+)-/.exec(basename(folder))?.[1];
  return pid === undefined ? null : { pid: Number(pid), start: UNKNOWN, world };
}

/** Where it is not known when the owner started, as without /proc, any process with his pid is taken for him. */
function lives({ pid, start }: Owner): boolean {
  return start === UNKNOWN ? exists(pid) : inspect(pid)?.start === start;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, of somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Null when it is gone: another start sweeps the same folder. */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

function secure(root: string): void {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const { uid } = userInfo();
  const facts = lstatSync(root);
  if (!facts.isDirectory() || (uid >= 0 && facts.uid !== uid)) {
    throw new StickyError('LAB_NOT_READY', `${root} is not a folder of user ${uid}`, 'Remove it, or set TMPDIR to a folder of your own.');
  }
}

/** A process that was just killed may still be writing for a moment: hence the retries. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  } catch {
    // What is left is found by the next sweep.
  }
}

function listOrEmpty(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
