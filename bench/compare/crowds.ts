// Tools that can hold users, and in what numbers they are held.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../rig/root.ts';
import type { Target } from '../rig/target.ts';
import { idleArtilleryScript, idleUsersWorkload } from '../rig/workloads.ts';

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

export const CROWDS: readonly Crowd[] = [
  {
    tool: 'stickybench',
    user: 'a user with a session cookie, idle, connections shared',
    needs: null,
    sizes: [10, 10_000, 100_000, 1_000_000],
    quick: [10, 10_000, 100_000],
    perSecond: 10_000,
    command: stickybench('shared'),
  },
  {
    tool: 'stickybench, own connections',
    user: 'a user with a session cookie, idle, on a connection of its own',
    needs: null,
    sizes: [10, 1_000, 10_000],
    quick: [],
    perSecond: 2_000,
    command: stickybench('each'),
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

function stickybench(connections: 'each' | 'shared'): Crowd['command'] {
  return (users, ramp, target, dist) => {
    const file = join(target.folder, 'idle.yml');
    writeFileSync(file, idleUsersWorkload({ url: target.url('http').slice(0, -1), users, ramp, connections }));
    const run = [process.execPath, join(dist, 'cli/main.js'), 'run', file, '--quiet', '--no-record', '--workers', '1'];
    return [...run, '--out', join(target.folder, 'runs')];
  };
}
