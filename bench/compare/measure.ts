// One measurement: a client loads the target, and in the middle of its load its costs are read.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, environmentOf, startClient } from '../rig/client.ts';
import { cpuOf, machineNow } from '../rig/process-tree.ts';
import { CLIENT_CORE, TARGET_CORE, type Target } from '../rig/target.ts';
import type { After, Run } from './document.ts';
import type { Row, Task } from './rows.ts';
import type { Section } from './sections.ts';
import { type Look, runBetween } from './window.ts';

export interface Turn {
  readonly row: Row;
  readonly section: Section;
  readonly round: number;
  /** Seconds. */
  readonly warmUp: number;
  readonly window: number;
  /** Folder of the build of stickybench. */
  readonly dist: string;
}

/** Seconds that a client which ends by itself goes on beyond its window: the window must not meet its end. */
const MARGIN = 1.5;
const START_UP = 60;
/** Seconds that it may take to end, once it should. */
const PATIENCE = 120;

/** Measures one client in one window. Throws, with the client's own words, when it does not load the target to the end of the window. */
export async function measure(target: Target, { row, section, round, warmUp, window, dist }: Turn): Promise<Run> {
  const before = await look(target, null);
  const client = await startClient(target, {
    command: row.command(taskOf(target, section, dist, warmUp + window + MARGIN)),
    cores: section.cores === 'both' ? `${TARGET_CORE},${CLIENT_CORE}` : `${CLIENT_CORE}`,
    env: environmentOf(dist),
    load: section.connections,
    patience: START_UP,
  });
  try {
    await sleep(warmUp * 1000);
    const first = await look(target, client);
    await sleep(window * 1000);
    const last = await look(target, client);
    const ended = client.ending();
    if (ended !== null) throw new Error(`ended with code ${ended.code} before its window did: ${ended.words}`);
    const after = row.ends ? await untilEnded(target, client, before) : null;
    return { ...runBetween(first, last, round, section.unit), after };
  } finally {
    await client.stop();
  }
}

/** What a client of the section is asked to do. */
export function taskOf(target: Target, { door, page, connections }: Section, dist: string, seconds: number): Task {
  const certificate = door.startsWith('https') ? target.certificate : null;
  return { url: target.url(door), page, connections, close: door.endsWith('close'), seconds, folder: target.folder, certificate, dist };
}

async function look(target: Target, client: Client | null): Promise<Look> {
  const count = await target.count();
  const self = process.cpuUsage();
  return {
    ...count,
    at: performance.now() / 1000,
    wrong: target.wrong(),
    client: client === null ? 0 : cpuOf(client.pid),
    target: target.cpu(),
    self: (self.user + self.system) / 1e6,
    ...machineNow(),
  };
}

/** Exit codes of a run that was measured: its verdict may be anything. */
const MEASURED = [0, 1, 2];

/** Follows a client to its end. What it still does when the target is asked nothing more is read off its last looks. */
async function untilEnded(target: Target, client: Client, before: Look): Promise<After> {
  let loaded = await look(target, client);
  let last = loaded;
  for (const since = loaded.at; last.at - since < PATIENCE; ) {
    await sleep(20);
    const now = await look(target, client);
    const ended = client.ending();
    if (ended !== null) {
      if (!MEASURED.includes(ended.code ?? -1)) throw new Error(`ended with code ${ended.code}: ${ended.words}`);
      const requests = loaded.requests - before.requests;
      return { seconds: last.at - loaded.at, cpu: last.client - loaded.client, requests, wholeCost: (last.client / requests) * 1e6 };
    }
    // Gone, though we have not been told yet.
    if (now.client < last.client) continue;
    if (now.requests > loaded.requests) loaded = now;
    last = now;
  }
  throw new Error(`did not end in ${PATIENCE} s`);
}
