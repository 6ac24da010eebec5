// A steady load for a long time: what it does to memory and latencies, and whether the record holds every request.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, environmentOf, startClient } from '../rig/client.ts';
import { cpuOf, memoryOf } from '../rig/process-tree.ts';
import { CLIENT_CORE, type Target } from '../rig/target.ts';
import { fullSpeedWorkload, steadyWorkload } from '../rig/workloads.ts';
import type { Soak } from './document.ts';
import { readLatencies } from './record.ts';
import { createWindows } from './windows.ts';

export interface Steady {
  readonly minutes: number;
  /** Requests per second. */
  readonly rate: number;
  readonly dist: string;
  readonly say: (line: string) => void;
}

/** Seconds that a user thinks, in the mean. */
const THINK = 0.5;
const WINDOW = 30;

/** Runs the load to its end. The record stays in `runs/latest` of the target's folder. */
export async function soak(target: Target, { minutes, rate, dist, say }: Steady): Promise<Soak> {
  const users = Math.round(rate * THINK);
  const client = await start(target, steadyWorkload(urlOf(target), users, THINK, minutes * 60), dist);
  const resident: number[] = [];
  let cpu = 0;
  const began = performance.now();
  const told = new Set<number>();
  while (client.ending() === null) {
    const looks = Math.floor((performance.now() - began) / 1000);
    const { now } = memoryOf(client.pid);
    if (now > 0) cpu = cpuOf(client.pid);
    while (now > 0 && resident.length <= looks) resident.push(now / 1e6);
    const minute = Math.floor(looks / 60);
    if (!told.has(minute)) say(`minute ${minute} of ${minutes}: ${(now / 1e6).toFixed(0)} MB`);
    told.add(minute);
    await sleep(1000 - ((performance.now() - began) % 1000));
  }
  const seconds = (performance.now() - began) / 1000;
  const requests = await client.requests();
  const windows = createWindows(WINDOW);
  const rows = await readLatencies(lastRun(target), windows);
  const { verdict, answer } = JSON.parse(readFileSync(join(lastRun(target), 'report.json'), 'utf8')) as { verdict: string; answer: string };
  return { minutes, rate, users, requests, rows, verdict, answer, busy: cpu / seconds, resident, windows: windows.finish() };
}

/** Users without think times until the target has counted so many requests: the quickest way to a real record of that size. */
export async function fill(target: Target, exchanges: number, dist: string, say: (line: string) => void): Promise<void> {
  const client = await start(target, fullSpeedWorkload(urlOf(target), 64), dist);
  for (let count = 0; count < exchanges; count = await client.requests()) {
    const ended = client.ending();
    if (ended !== null) throw new Error(`ended with ${count} exchanges: ${ended.words}`);
    say(`${count.toLocaleString('en')} of ${exchanges.toLocaleString('en')} exchanges`);
    await sleep(5000);
  }
  process.kill(client.pid, 'SIGINT');
  while (client.ending() === null) await sleep(200);
}

/** Folder of the last run on this target. */
export function lastRun(target: Target): string {
  return join(target.folder, 'runs/latest');
}

function start(target: Target, workload: string, dist: string): Promise<Client> {
  const file = join(target.folder, 'soak.yml');
  writeFileSync(file, workload);
  const command = [process.execPath, join(dist, 'cli/main.js'), 'run', file, '--quiet', '--out', join(target.folder, 'runs')];
  return startClient(target, { command, cores: `${CLIENT_CORE}`, env: environmentOf(dist), load: 1, patience: 60 });
}

function urlOf(target: Target): string {
  return target.url('http').slice(0, -1);
}
