// The folder a run leaves: made, filled and found again.

import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StickyError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { reportJson } from './report/json.ts';
import { reportMarkdown } from './report/markdown.ts';

/** Where runs go when nobody says otherwise, relative to the current folder. */
export const RUNS = 'runs';

export interface NewRun {
  /** Folder that holds the runs. */
  readonly root: string;
  readonly name: string;
  /** Wall clock of run start, ISO 8601 UTC. */
  readonly startedAt: string;
  /** Text of the workload as it is run. */
  readonly workload: string;
}

/**
 * Makes `<root>/<UTC time>-<name>/` with `workload.yml` in it, and has `<root>/latest` point to it. When the name is taken, `-2`, `-3` …
 * follows it. Returns the absolute path.
 * @throws StickyError OUTPUT_UNWRITABLE.
 */
export function createRunFolder(run: NewRun): string {
  const root = resolve(run.root);
  return writing(root, () => {
    mkdirSync(root, { recursive: true });
    const folder = freshFolder(root, `${timestamp(run.startedAt)}-${safeName(run.name)}`);
    writeFileSync(join(root, folder, 'workload.yml'), run.workload);
    pointLatest(root, folder);
    return join(root, folder);
  });
}

/**
 * Writes `report.json` and `report.md`, each whole or not at all.
 * @throws StickyError OUTPUT_UNWRITABLE.
 */
export function writeReports(folder: string, report: Report): void {
  writing(folder, () => {
    replaceFile(join(folder, 'report.json'), reportJson(report));
    replaceFile(join(folder, 'report.md'), reportMarkdown(report));
  });
}

/**
 * Copies log files into `logs/` by `copy`, each as `<name>.log`. A log that is gone is left out: its process may never have written. Without logs there
 * is no `logs/`.
 * @throws StickyError OUTPUT_UNWRITABLE.
 */
export function copyLogs(folder: string, logs: Readonly<Record<string, string>>, copy: (from: string, to: string) => void): void {
  const there = Object.entries(logs).filter(([, path]) => existsSync(path));
  if (there.length === 0) return;
  writing(folder, () => {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    for (const [name, path] of there) copy(path, join(folder, 'logs', `${safeName(name)}.log`));
  });
}

/**
 * Finds a run folder by its path, by a path inside it, by its name under `runs/`, or by `latest`. Returns the real, absolute path.
 * @throws StickyError RUN_NOT_FOUND, saying where it looked.
 */
export function findRun(name: string, cwd: string): string {
  const candidates = [...new Set([resolve(cwd, name), resolve(cwd, RUNS, name)])];
  for (const candidate of candidates) {
    const folder = runAt(candidate);
    if (folder !== null) return folder;
  }
  const looked = candidates.map((path) => `${path} (${existsSync(path) ? 'holds no run' : 'not there'})`).join(' and ');
  throw new StickyError('RUN_NOT_FOUND', `No run ${JSON.stringify(name)}. Looked at ${looked}.`);
}

/** What of a run's files is in its folder, in the order in which a person reads them. A run that kept no record has no exchanges and no events. */
export function filesOf(folder: string): readonly string[] {
  return FILES.filter((file) => existsSync(join(folder, file)));
}

const FILES = ['report.json', 'report.md', 'workload.yml', 'exchanges.parquet', 'events.ndjson', 'logs'];

function runAt(path: string): string | null {
  if (!existsSync(path)) return null;
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  return holdsRun(folder) ? realpathSync(folder) : null;
}

function holdsRun(folder: string): boolean {
  return existsSync(join(folder, 'events.ndjson')) || existsSync(join(folder, 'report.json'));
}

/** `2026-01-02T03:04:05.678Z` as `20260102T030405Z`: sorts by time and is a file name everywhere. */
function timestamp(iso: string): string {
  return `${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** A name that cannot leave its folder or hide: letters, digits, dot, dash and underscore, no dot first. */
function safeName(name: string): string {
  const safe = name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 60);
  return safe === '' ? 'run' : safe;
}

function freshFolder(root: string, name: string): string {
  for (let round = 1; ; round++) {
    const folder = round === 1 ? name : `${name}-${round}`;
    try {
      mkdirSync(join(root, folder));
      return folder;
    } catch (error) {
      if (!taken(error)) throw error;
    }
  }
}

function taken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/** Renaming replaces a link at one stroke, so that `latest` is never missing for someone else who looks. */
function pointLatest(root: string, folder: string): void {
  const fresh = join(root, `.latest-${process.pid}-${folder}`);
  rmSync(fresh, { force: true });
  symlinkSync(folder, fresh);
  try {
    renameSync(fresh, join(root, 'latest'));
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function writing<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new StickyError('OUTPUT_UNWRITABLE', `${folder} cannot be written: ${error.message}`);
  }
}
