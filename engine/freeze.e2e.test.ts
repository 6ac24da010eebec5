import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Entry, type Exchange, felt, type Pulse, served } from '../model/entry.ts';
import { MILLISECOND, type Micros, SECOND } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { closed, get, loop, open, workload } from './fixtures/fake-world.ts';
import { runWorkload } from './run.ts';

const SERVER = `
  const server = require('node:http').createServer((request, response) => response.end('ok'));
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
const FREEZE: Micros = 2 * SECOND;

const servers: ChildProcess[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.kill('SIGKILL');
});

async function serve(): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  const [port] = await once(server.stdout, 'data');
  return { process: server, url: `http://127.0.0.1:${String(port).trim()}` };
}

/** Whether the kernel has the process stopped (proc_pid_stat(5)). */
function isStopped({ pid }: ChildProcess): boolean {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .startsWith('T');
}

interface Ran {
  readonly exchanges: readonly Exchange[];
  readonly last: Pulse;
  /** The server certainly stood still from here, up to there. */
  readonly from: Micros;
  readonly to: Micros;
}

/** Runs a workload on a server that stands still for two seconds, from half a second on. */
async function runFrozen(own: Workload): Promise<Ran> {
  const server = await serve();
  const entries: Entry[] = [];
  const frozen = { from: 0, to: 0 };
  await runWorkload({
    workload: own,
    url: server.url,
    identify: own.identify,
    precise: false,
    injector: null,
    onEntry: (entry) => entries.push(entry),
    onStart(live) {
      const watch = setInterval(() => {
        if (frozen.from === 0 && live.now > SECOND / 2) {
          server.process.kill('SIGSTOP');
          if (isStopped(server.process)) frozen.from = live.now;
        }
        if (frozen.from === 0 || live.now < frozen.from + FREEZE) return;
        frozen.to = live.now;
        server.process.kill('SIGCONT');
        clearInterval(watch);
      }, 1);
    },
    signal: new AbortController().signal,
  });
  const last = entries.at(-1);
  if (last?.kind !== 'pulse') throw new Error('a run ends with a pulse');
  return { exchanges: entries.filter((entry) => entry.kind === 'exchange'), last, ...frozen };
}

describe('a server that stands still for two seconds', () => {
  it('is felt by every request that was due meanwhile, though it served only those that were on their way', async () => {
    const users = 5;
    const flow = [loop([get('/')], { pace: 100 * MILLISECOND })];
    const { exchanges, from, to } = await runFrozen(workload(flow, { phases: [closed(users, users, 4 * SECOND)] }));
    const meanwhile = exchanges.filter(({ due }) => due >= from && due < to);
    expect(meanwhile.length).toBeGreaterThanOrEqual(users * (FREEZE / (100 * MILLISECOND)));
    expect(meanwhile.filter((exchange) => felt(exchange) < to - exchange.due)).toEqual([]);
    // Each user has one request on its way when the server stops: sent before, or due while it stands still.
    const stuck = exchanges.filter(({ sent, done }) => sent < to && done >= to);
    expect(stuck.map(({ user }) => user).sort()).toEqual([0, 1, 2, 3, 4]);
    const delayed = meanwhile.filter((exchange) => !stuck.includes(exchange));
    expect(delayed.filter(({ sent }) => sent < to)).toEqual([]);
    expect(delayed.filter((exchange) => served(exchange) >= felt(exchange))).toEqual([]);
    expect(delayed.length).toBeGreaterThanOrEqual(meanwhile.length - users);
  });

  it('leaves arrivals unstarted for which there is no user any more, and each is counted', async () => {
    const most = 5;
    const own = workload([get('/')], { users: { ...workload([]).users, count: most }, phases: [open(100, 100, 4 * SECOND)] });
    const { exchanges, last, from, to } = await runFrozen(own);
    expect(exchanges.length + last.unstarted).toBe(400);
    const arrivals = Math.floor((to - from) / (SECOND / 100));
    expect(last.unstarted).toBeGreaterThanOrEqual(arrivals - most);
    // Those who came while there was room felt it.
    const stuck = exchanges.filter(({ sent, done }) => sent < to && done >= to);
    expect(stuck.length).toBe(most);
    expect(stuck.filter((exchange) => felt(exchange) < to - exchange.due)).toEqual([]);
  });
});
