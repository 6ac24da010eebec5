// Memory per user: tools that hold more and more of them, each looked at when all are there.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, environmentOf, startClient } from '../rig/client.ts';
import { memoryOf } from '../rig/process-tree.ts';
import { CLIENT_CORE, type Target } from '../rig/target.ts';
import { CROWDS, type Crowd } from './crowds.ts';
import type { LeftOut, MemoryResult } from './document.ts';
import type { Plan } from './plan.ts';
import { type Say, wordsOf } from './say.ts';

/** Holds every crowd in every size. What does not come about is left out, and why. */
export async function holdCrowds(target: Target, { missing, options }: Plan, say: Say): Promise<Crowds> {
  const held: MemoryResult[] = [];
  const leftOut: LeftOut[] = [];
  for (const crowd of CROWDS.filter(({ tool, needs }) => !options.without.includes(tool) && (needs === null || !missing.has(needs)))) {
    const sizes: Held[] = [];
    for (const users of options.quick ? crowd.quick : crowd.sizes) {
      const told = `memory: ${crowd.tool} with ${users.toLocaleString('en')}`;
      try {
        const one = await hold(target, crowd, users, options.dist);
        sizes.push(one);
        say(`${told}: ${Math.round(one.resident / 1e6)} MB`);
      } catch (error) {
        const why = wordsOf(error);
        leftOut.push({ what: told, why });
        say(`${told}: ${why}`);
      }
    }
    held.push(...perUser(crowd, sizes));
  }
  return { held, leftOut };
}

interface Crowds {
  readonly held: readonly MemoryResult[];
  readonly leftOut: readonly LeftOut[];
}

/** Long enough for what bringing them left behind to be collected, if it is at all. */
const SETTLE = 3;

interface Held {
  readonly users: number;
  readonly resident: number;
  readonly peak: number;
  readonly startUp: number;
}

/** Holds a crowd of one size. Throws when its users do not all come. */
async function hold(target: Target, crowd: Crowd, users: number, dist: string): Promise<Held> {
  const ramp = crowd.perSecond === null ? 1 : Math.max(1, Math.ceil(users / crowd.perSecond));
  const client = await startClient(target, {
    command: crowd.command(users, ramp, target, dist),
    cores: `${CLIENT_CORE}`,
    env: environmentOf(dist),
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
function perUser({ tool, user }: Crowd, held: readonly Held[]): readonly MemoryResult[] {
  const [base, ...larger] = held;
  if (base === undefined) return [];
  return larger.map((one) => ({ tool, user, ...one, perUser: (one.resident - base.resident) / (one.users - base.users) }));
}
