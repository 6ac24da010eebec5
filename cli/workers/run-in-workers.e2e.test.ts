import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { setupOf } from '../../analysis/histories.ts';
import { findMeasure } from '../../analysis/measures.ts';
import { closed, get, loop, open, think, workload } from '../../engine/fixtures/fake-world.ts';
import { type Behaviour, type ScriptedServer, type Seen, scriptedServer } from '../../engine/fixtures/scripted-server.ts';
import { runWorkload } from '../../engine/run.ts';
import type { Exchange } from '../../model/entry.ts';
import type { Injector } from '../../model/fault.ts';
import type { RunHeader } from '../../model/record.ts';
import type { LostWorker } from '../../model/shard.ts';
import { MILLISECOND, SECOND } from '../../model/units.ts';
import type { Workload } from '../../model/workload.ts';
import { readRecord } from '../../results/record/read-record.ts';
import { createRecord } from '../../results/record/write-record.ts';
import { type OpenLink, workerModule } from './link.ts';
import { openProcess } from './process.ts';
import { type Outcome, runInWorkers, runOverLinks } from './run-in-workers.ts';
import { openThread } from './thread.ts';

const threads: OpenLink = (ear) => openThread(workerModule(), ear);
const processes: OpenLink = (ear) => openProcess(workerModule(), ear);
const THROWS = fileURLToPath(new URL('./fixtures/throws.js', import.meta.url));

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(script: (seen: Seen) => Behaviour): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  servers.push(server);
  return server;
}

interface Ran extends Outcome {
  readonly lost: readonly LostWorker[];
}

async function run(own: Workload, url: string, count: number, openLink: OpenLink, injector: Injector | null = null): Promise<Ran> {
  const lost: LostWorker[] = [];
  const outcome = await runOverLinks(openLink, {
    workload: own,
    url,
    identify: own.identify,
    setup: setupOf({ phases: [{ name: 'steady', warmup: false }] }),
    precise: false,
    injector,
    count,
    watched: false,
    record: null,
    onTeam: () => {},
    onStart: () => {},
    onLost: (one) => lost.push(one),
    signal: new AbortController().signal,
  });
  return { ...outcome, lost };
}

/** Runs a workload with so many workers, and gives back what its record holds: each user's requests, the times they were due, and their exits. */
async function planIn(own: Workload, url: string, count: number): Promise<readonly unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
  const setup = setupOf({ phases: own.phases.map(({ name, warmup }) => ({ name, warmup })) });
  const record = createRecord(folder, { kind: 'run', setup } as RunHeader, count);
  try {
    const common = { workload: own, url, identify: own.identify, precise: false, injector: null, onStart: () => {} };
    const signal = new AbortController().signal;
    if (count === 1) await runWorkload({ ...common, signal, onEntry: record.entry });
    else await runInWorkers('threads', { ...common, signal, setup, count, record, watched: false, onTeam: () => {}, onLost: () => {} });
    await record.close({ kind: 'end', at: 0, ended: 'finished', missing: [] });
    const exchanges: Exchange[] = [];
    for await (const entry of (await readRecord(folder)).entries) if (entry.kind === 'exchange') exchanges.push(entry);
    const mine = exchanges.map(({ user, seq, name, due, egress }) => ({ user, seq, name, due: name === 'GET /a' ? due : null, egress }));
    return mine.sort((one, other) => one.user - other.user || one.seq - other.seq);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const users = { ...workload([]).users, count: 6 };
const total = ({ judged }: Ran) => findMeasure(judged.finish().measures, 'requests.total', {})?.value;

describe('a run in several workers', () => {
  /** Each user goes his two rounds and is quiet then, so nothing depends on time. Users tell who they are by a row of their own. */
  const names = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'];
  const path = (last: string) => ['/', { variable: 'name' }, last] as const;
  const flow = [
    loop([get('/a', { path: path('/a') }), think(0, 5 * MILLISECOND), get('/b', { path: path('/b') })], { count: 2 }),
    think(60 * SECOND),
  ];
  const own = workload(flow, {
    users: {
      ...users,
      egress: [
        { policy: 'fixed', weight: 1 },
        { policy: 'per_request', exits: 3, weight: 1 },
      ],
    },
    payload: [{ path: 'names.csv', fields: ['name'], rows: names.map((name) => [name]), order: 'sequence' }],
    phases: [closed(6, 6, 2 * SECOND)],
  });

  /** What each user asked for, in his order, and from which address. */
  function asked({ ledger }: ScriptedServer): Record<string, readonly string[]> {
    const byUser = (name: string) => ledger.filter((seen) => seen.path.startsWith(`/${name}/`)).map((seen) => `${seen.path} ${seen.from}`);
    return Object.fromEntries(names.map((name) => [name, byUser(name)]));
  }

  it('sends what one worker would send, user by user, in threads and in processes', async () => {
    const alone = await serve(() => ({}));
    const exchanges: Exchange[] = [];
    await runWorkload({
      workload: own,
      url: alone.url,
      identify: own.identify,
      precise: false,
      injector: null,
      onEntry: (entry) => entry.kind === 'exchange' && exchanges.push(entry),
      onStart: () => {},
      signal: new AbortController().signal,
    });
    expect(exchanges.length).toBe(24);
    expect(Object.values(asked(alone)).map((requests) => requests.length)).toEqual([4, 4, 4, 4, 4, 4]);
    for (const [count, openLink] of [
      [2, threads],
      [3, threads],
      [3, processes],
    ] as const) {
      const server = await serve(() => ({}));
      const ran = await run(own, server.url, count, openLink);
      expect(asked(server)).toEqual(asked(alone));
      expect([ran.end, ran.missing, total(ran)]).toEqual(['finished', [], 24]);
    }
  });

  it('leaves one record, in which every user has the plan he has with one worker', async () => {
    const server = await serve(() => ({}));
    const paced = workload(
      [loop([get('/a')], { count: 5, pace: 20 * MILLISECOND }), think(5 * MILLISECOND), get('/b'), think(60 * SECOND)],
      {
        users: { ...users, egress: [{ policy: 'per_request', exits: 4, weight: 1 }] },
        phases: [closed(0, 6, 100 * MILLISECOND, 'ramp'), closed(6, 6, 2 * SECOND)],
      },
    );
    const plans = await Promise.all([1, 2, 3].map((count) => planIn(paced, server.url, count)));
    expect(plans[0]?.length).toBe(36);
    expect(plans[1]).toEqual(plans[0]);
    expect(plans[2]).toEqual(plans[0]);
  });

  it('counts every session exactly once, and knows every fault', async () => {
    const server = await serve(({ cookie, count }) => ({
      headers: ['Sticky-Backend: A', ...(cookie === null ? [`Set-Cookie: JSESSIONID=s${count}.A; Path=/`, 'Sticky-New: 1'] : [])],
    }));
    const injector: Injector = { inflict: async () => 'hurt', relieve: async () => 'healed' };
    const faults = [{ at: 300 * MILLISECOND, duration: 200 * MILLISECOND, action: { kind: 'kill', target: 'A' } as const }];
    const identify = { backend: { from: 'header', header: 'Sticky-Backend' }, path: null, names: {} } as const;
    const steady = workload([get('/'), think(10 * MILLISECOND)], {
      users: { ...users, sessionCookie: 'JSESSIONID' },
      phases: [closed(6, 6, SECOND)],
      faults,
      identify,
    });
    const ran = await run(steady, server.url, 2, threads, injector);
    const { measures } = ran.judged.finish();
    expect(total(ran)).toBe(server.ledger.length);
    expect(findMeasure(measures, 'session.created', {})?.value).toBe(6);
    expect(ran.judged.timeline().faults.map(({ action, target, detail }) => [action, target, detail])).toEqual([
      ['kill', 'A', 'hurt; healed'],
    ]);
  });

  it('ends with the error of the worker that could not run, and with its code', async () => {
    const ca = { ...own, http: { ...own.http, ca: '/nowhere/ca.pem' } };
    const server = await serve(() => ({}));
    for (const openLink of [threads, processes]) {
      await expect(run(ca, server.url, 2, openLink)).rejects.toMatchObject({ name: 'StickyError', code: 'WORKLOAD_INVALID' });
    }
    expect(server.ledger).toEqual([]);
  });

  it('goes on without a thread that throws, and says whose users are missing', async () => {
    const server = await serve(() => ({}));
    let opened = 0;
    const secondThrows: OpenLink = (ear) => {
      opened += 1;
      return openThread(opened === 2 ? THROWS : workerModule(), ear);
    };
    const steady = workload([get('/'), think(20 * MILLISECOND)], { users, phases: [closed(6, 6, 1500 * MILLISECOND)] });
    const ran = await run(steady, server.url, 3, secondThrows);
    const lost = { shard: { index: 1, of: 3 }, users: 6, reason: 'out of luck' };
    expect([ran.end, ran.missing, ran.lost]).toEqual(['finished', [lost], [lost]]);
    expect(total(ran)).toBe(server.ledger.length);
    // Users 0, 3, 2 and 5, each from an address of his own.
    expect(new Set(server.ledger.map(({ from }) => from)).size).toBe(4);
  });

  it('does not know how many users are missing when they come as they arrive', async () => {
    const server = await serve(() => ({}));
    const arriving = workload([get('/')], { users, phases: [open(20, 20, SECOND)] });
    const ran = await run(arriving, server.url, 1, (ear) => openThread(THROWS, ear));
    expect(ran.missing).toEqual([{ shard: { index: 0, of: 1 }, users: null, reason: 'out of luck' }]);
    expect(total(ran)).toBe(null);
  });
});
