// CPU time and memory of a process and everything it started.

import { readdirSync, readFileSync } from 'node:fs';
import { machineTimes, type ProcessStat, processStat, residentMemory } from './proc-text.ts';

/** CPU time in seconds of a process, its threads and its descendants, ended ones included as soon as they were waited for. */
export function cpuOf(root: number): number {
  const all = processes();
  return family(root, all).reduce((total, pid) => total + (all.get(pid)?.cpu ?? 0), 0);
}

/** Resident memory in bytes of a process and its descendants. Memory they share counts in each. */
export function memoryOf(root: number): { readonly now: number; readonly peak: number } {
  const each = family(root, processes()).map((pid) => residentMemory(read(`/proc/${pid}/status`)));
  return each.reduce<{ now: number; peak: number }>(
    (total, one) => ({ now: total.now + (one?.now ?? 0), peak: total.peak + (one?.peak ?? 0) }),
    { now: 0, peak: 0 },
  );
}

/** Ends a process and its descendants at once. */
export function killTree(root: number): void {
  for (const pid of family(root, processes())) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** What all processors did since boot, in seconds. */
export function machineNow(): { readonly busy: number; readonly stolen: number } {
  return machineTimes(read('/proc/stat'));
}

function family(root: number, all: ReadonlyMap<number, ProcessStat>): readonly number[] {
  const children = [...all].flatMap(([pid, { parent }]) => (parent === root ? [pid] : []));
  return [...(all.has(root) ? [root] : []), ...children.flatMap((child) => family(child, all))];
}

function processes(): ReadonlyMap<number, ProcessStat> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = new Map<number, ProcessStat>();
  for (const pid of pids) {
    const text = read(`/proc/${pid}/stat`);
    if (text !== '') found.set(Number(pid), processStat(text));
  }
  return found;
}

/** Empty for a process that ended while we looked. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
