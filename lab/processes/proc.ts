// What /proc says about processes: who is alive, since when, and in which group.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as the kernel knows it. Pid and start together never name two processes between two boots. */
export interface ProcessFacts {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process. */
  readonly start: string;
  readonly group: number;
  /** `R`, `S`, `D`, `T`, `Z` … as in proc(5). */
  readonly state: string;
}

/** Facts about a live process; null when there is none, when it is only waiting to be reaped, and where there is no /proc. */
export function inspect(pid: number): ProcessFacts | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command stands in parentheses and may hold anything, so count fields from behind its last one: state is 3, pgrp 5, starttime 22 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  if (state === 'Z' || state === 'X') return null;
  return { pid, state, group: Number(fields[2]), start: fields[19] ?? '' };
}

/** Live members of a process group. */
export function membersOf(group: number): readonly ProcessFacts[] {
  return pids()
    .map(inspect)
    .filter((facts) => facts !== null)
    .filter((facts) => facts.group === group);
}

/** Working directory of a process; null when it cannot be read. */
export function directoryOf(pid: number): string | null {
  return linkOrNull(`/proc/${pid}/cwd`);
}

/** Names the world in which pids mean what they mean here: this boot, this pid namespace. Empty where there is no /proc. */
export function pidWorld(): string {
  const boot = readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${boot} ${linkOrNull('/proc/self/ns/pid') ?? ''}`.trim();
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

function linkOrNull(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
