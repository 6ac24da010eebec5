// Memory per user: tools that hold more and more of them, each looked at when all are there.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, startClient } from './client.ts';
import type { MemoryResult } from './document.ts';
import { environmentOf } from './measure.ts';
import { memoryOf } from './process-tree.ts';
import { ROOT } from './root.ts';
import { knowsWorkers } from './rows.ts';
import { CLIENT_CORE, type Target } from './target.ts';
import { idleArtilleryScript, idleUsersWorkload } from './workloads.ts';

export interface Crowd {
  readonly tool: string;
  readonly user: string;
  readonly needs: string | null;
  /** The first is what the others are compared with. */
  readonly sizes: readonly number[];
  /** Those of a quick comparison. */
  readonly quick: readonly number[];
  /** How many it brings in a second without falling behind. Null: all at once. */
  readonly perSecond: number | null;
  /** Command line that brings so many users over so many seconds. */
  readonly command: (users: number, ramp: number, target: Target, dist: string) => readonly string[];
}

/** Long enough for what bringing them left behind to be collected, if it is at all. */
const SETTLE = 3;

export const CROWDS: readonly Crowd[] = [
  {
    tool: 'stickybench',
    user: 'a user with a session cookie, idle, connections shared',
    needs: null,
    sizes: [10, 10_000, 100_000, 1_000_000],
    quick: [10, 10_000, 100_000],
    perSecond: 15_000,
    command(users, ramp, target, dist) {
      const file = join(target.folder, 'idle.yml');
      writeFileSync(file, idleUsersWorkload(target.url('http').slice(0, -1), users, ramp, 300));
      const run = [
        process.execPath,
        join(dist, 'cli/main.js'),
        'run',
        file,
        '--quiet',
        '--no-record',
        ...(knowsWorkers(dist) ? ['--workers', '1'] : []),
      ];
      return [...run, '--out', join(target.folder, 'runs')];
    },
  },
  {
    tool: 'autocannon',
    user: 'a connection, at full speed: it has neither users nor idle ones',
    needs: null,
    sizes: [10, 1_000, 10_000],
    quick: [],
    perSecond: null,
    command: (users, _, target) => [
      process.execPath,
      join(ROOT, 'bench/clients/autocannon.mjs'),
      `${target.url('http')}visit`,
      `${users}`,
      'fixed',
    ],
  },
  {
    tool: 'artillery',
    user: 'a virtual user with a session cookie, idle, on a connection of its own',
    needs: 'artillery',
    sizes: [10, 1_000, 5_000],
    quick: [],
    perSecond: 250,
    command(users, ramp, target) {
      const file = join(target.folder, 'idle.json');
      writeFileSync(file, idleArtilleryScript(target.url('http').slice(0, -1), users, ramp));
      return [process.execPath, join(ROOT, 'bench/node_modules/artillery/bin/run'), 'run', '--quiet', file];
    },
  },
];

interface Held {
  readonly users: number;
  readonly resident: number;
  readonly peak: number;
  readonly startUp: number;
}

/** Holds a crowd of one size. Throws when its users do not all come. */
export async function hold(target: Target, crowd: Crowd, users: number, dist: string): Promise<Held> {
  const ramp = crowd.perSecond === null ? 1 : Math.max(1, Math.ceil(users / crowd.perSecond));
  const client = await startClient(target, {
    command: crowd.command(users, ramp, target, dist),
    cores: `${CLIENT_CORE}`,
    env: environmentOf({ dist }),
    load: 1,
    patience: 120,
  });
  try {
    await untilAllCame(client, users, ramp * 3 + 30);
    await sleep(SETTLE * 1000);
    const { now, peak } = memoryOf(client.pid);
    return { users, resident: now, peak, startUp: client.startUp };
  } finally {
    await client.stop();
  }
}

/** Each user asks for something when he comes. */
async function untilAllCame(client: Client, users: number, patience: number): Promise<void> {
  const deadline = performance.now() + patience * 1000;
  for (;;) {
    const came = await client.requests();
    if (came >= users) return;
    const ended = client.ending();
    if (ended !== null) throw new Error(`ended after ${came} of ${users} users: ${ended.words}`);
    if (performance.now() > deadline) throw new Error(`only ${came} of ${users} users came in ${patience} s`);
    await sleep(200);
  }
}

/** What each user of the larger crowds added to the smallest. */
export function perUser({ tool, user }: Crowd, held: readonly Held[]): readonly MemoryResult[] {
  const [base, ...larger] = held;
  if (base === undefined) return [];
  return larger.map((one) => ({ tool, user, ...one, perUser: (one.resident - base.resident) / (one.users - base.users) }));
}
