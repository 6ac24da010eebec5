import { afterEach, describe, expect, it } from 'vitest';
import { type Entry, type Exchange, instant } from '../model/entry.ts';
import type { RunEnd } from '../model/report.ts';
import { MILLISECOND, SECOND } from '../model/units.ts';
import type { Step, Workload } from '../model/workload.ts';
import { closed, get, loop, open, think, workload } from './fixtures/fake-world.ts';
import { type Behaviour, type ScriptedServer, type Seen, scriptedServer } from './fixtures/scripted-server.ts';
import { runWorkload } from './run.ts';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(script: (seen: Seen) => Behaviour, port = 0): Promise<ScriptedServer> {
  const server = await scriptedServer(script, port);
  servers.push(server);
  return server;
}

interface Ran {
  readonly entries: readonly Entry[];
  readonly exchanges: readonly Exchange[];
  readonly end: RunEnd;
}

async function run(own: Workload, url: string, { signal = new AbortController().signal, onEntry = (_: Entry) => {} } = {}): Promise<Ran> {
  const entries: Entry[] = [];
  const end = await runWorkload({
    workload: own,
    url,
    identify: own.identify,
    precise: false,
    injector: null,
    onEntry(entry) {
      entries.push(entry);
      onEntry(entry);
    },
    onStart: () => {},
    signal,
  });
  return { entries, exchanges: entries.filter((entry) => entry.kind === 'exchange'), end };
}

const HANGS: Behaviour = { hang: true };

/** One user goes through the flow once; the run lasts until he has had time for it. */
function once(flow: readonly Step[], duration = 2 * SECOND, rest: Partial<Workload> = {}): Workload {
  return workload(flow, { phases: [{ ...open(0, 0, duration), from: 0.5, to: 0.5 }], ...rest });
}

const outcomes = ({ exchanges }: Ran) => exchanges.map(({ outcome }) => (outcome.kind === 'answered' ? outcome.status : outcome.reason));
const times = { due: expect.any(Number), asked: expect.any(Number), sent: expect.any(Number), done: expect.any(Number) };

describe('a run against a real server', () => {
  it('records every exchange whole, in order, with the address the server saw', async () => {
    const server = await serve(() => ({
      headers: ['Sticky-Backend: a', 'Sticky-New: 0', 'Sticky-Counter: 3', 'X-Path: 10.0.0.1:80, 10.0.0.2:80'],
    }));
    const identify = { backend: { from: 'header', header: 'Sticky-Backend' }, path: 'X-Path', names: { '10.0.0.2:80': 'a' } } as const;
    const flow = [get('/visit'), think(10 * MILLISECOND), get('/visit', { method: 'POST', op: 'write' })];
    const ran = await run(once(flow, 300 * MILLISECOND, { identify }), server.url);
    const exchange = {
      kind: 'exchange',
      user: 0,
      ...times,
      phase: 'steady',
      egress: '127.50.161.245',
      key: 'c',
      session: null,
      outcome: {
        kind: 'answered',
        status: 200,
        met: true,
        backend: 'a',
        path: ['10.0.0.1:80', 'a'],
        set: null,
        deleted: false,
        effective: null,
        created: false,
        owner: null,
        counter: 3,
      },
    };
    expect(ran.end).toBe('finished');
    expect(ran.entries).toEqual([
      { kind: 'phase', at: 0, name: 'steady', warmup: false, stage: 'began' },
      { ...exchange, seq: 0, method: 'GET', name: 'GET /visit', op: 'read' },
      { ...exchange, seq: 1, method: 'POST', name: 'POST /visit', op: 'write' },
      { kind: 'phase', at: 300_000, name: 'steady', warmup: false, stage: 'ended' },
      { kind: 'pulse', worker: 0, at: expect.any(Number), users: 0, inFlight: 0, unstarted: 0, utilisation: expect.any(Number) },
    ]);
    const [first, second] = ran.exchanges;
    expect((second?.due ?? 0) - (first?.done ?? 0)).toBe(10_000);
    expect(server.ledger.map(({ from }) => from)).toEqual(['127.50.161.245', '127.50.161.245']);
  });

  it('keeps cookies by path, age, deletion, Secure and domain', async () => {
    const script: Record<string, readonly string[]> = {
      '/set': [
        'SID=one; Path=/',
        'cart=1; Path=/cart',
        'safe=1; Secure; Path=/',
        'far=1; Domain=example.com; Path=/',
        'brief=1; Max-Age=1; Path=/',
      ],
      '/cart/x': ['default=1'],
      '/out': ['SID=gone; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
    };
    const server = await serve(({ path }) => ({ headers: (script[path] ?? []).map((cookie) => `Set-Cookie: ${cookie}`) }));
    const flow = [get('/set'), get('/'), get('/cart/x'), get('/cart/y'), think(1100 * MILLISECOND), get('/'), get('/out'), get('/')];
    const ran = await run(once(flow), server.url);
    expect(server.ledger.map(({ path, cookie }) => [path, cookie])).toEqual([
      ['/set', null],
      ['/', 'SID=one; brief=1'],
      ['/cart/x', 'cart=1; SID=one; brief=1'],
      ['/cart/y', 'cart=1; default=1; SID=one; brief=1'],
      ['/', 'SID=one'],
      ['/out', 'SID=one'],
      ['/', null],
    ]);
    const session = ran.exchanges[1]?.session;
    expect(session).toMatch(/^[0-9a-f]{16}$/);
    expect(ran.exchanges.map((exchange) => exchange.session)).toEqual([null, session, session, session, session, session, null]);
    expect(ran.exchanges.map(({ outcome }) => outcome.kind === 'answered' && [outcome.set, outcome.deleted])).toEqual([
      [session, false],
      [null, false],
      [null, false],
      [null, false],
      [null, false],
      [null, true],
      [null, false],
    ]);
  });

  it('follows a login that redirects, with the new cookie', async () => {
    const server = await serve(({ path }) =>
      path === '/login' ? { status: 303, headers: ['Location: home?x=1', 'Set-Cookie: SID=new; Path=/'] } : { body: 'welcome' },
    );
    const login = get('/login', {
      method: 'POST',
      op: 'create',
      body: ['a=1'],
      expect: { status: [200], headers: [], body: ['^welcome$'] },
    });
    const ran = await run(once([login], 200 * MILLISECOND), server.url);
    expect(server.ledger.map(({ method, path, cookie, body }) => [method, path, cookie, body])).toEqual([
      ['POST', '/login', null, 'a=1'],
      ['GET', '/home?x=1', 'SID=new', ''],
    ]);
    expect(ran.exchanges.map(({ name, op, outcome }) => [name, op, outcome.kind === 'answered' && outcome.met])).toEqual([
      ['POST /login', 'create', true],
      ['POST /login ->', 'other', true],
    ]);
  });

  it('tells apart how an answer fails to come', async () => {
    const ways: readonly Behaviour[] = [{ end: 'silent' }, { end: 'half' }, { end: 'reset' }, { hang: true }, {}];
    const server = await serve(({ path }) => ways[Number(path.slice(1))] ?? {});
    const flow = ways.map((_, place) => get(`/${place}`));
    const http = { ...workload([]).http, timeout: 300 * MILLISECOND };
    const ran = await run(once(flow, SECOND, { http }), server.url);
    expect(outcomes(ran)).toEqual(['closed', 'cut', 'reset', 'timeout', 200]);
    expect(ran.exchanges.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
  });

  it('backs off from a dead target and finds it again', async () => {
    const first = await serve(() => ({}));
    const { port } = first;
    let restarted = false;
    const onEntry = (entry: Entry) => {
      if (entry.kind !== 'exchange') return;
      if (entry.seq === 0) void first.close();
      if (restarted || entry.outcome.kind !== 'refused' || entry.seq < 4) return;
      restarted = true;
      void serve(() => ({}), port);
    };
    const flow = [get('/'), think(20 * MILLISECOND)];
    const ran = await run(workload(flow, { phases: [closed(1, 1, 3 * SECOND)] }), first.url, { onEntry });
    const kinds = ran.exchanges.map(({ outcome }) => outcome.kind);
    expect(kinds[0]).toBe('answered');
    expect(kinds.at(-1)).toBe('answered');
    const refused = ran.exchanges.filter(({ outcome }) => outcome.kind === 'refused');
    expect(new Set(refused.map(({ outcome }) => outcome.kind === 'refused' && outcome.reason))).toEqual(new Set(['connection-refused']));
    // A pause of 100, 200, 400 ms and the think time: only a handful in the time that a hammering client makes thousands.
    expect(refused.length).toBeLessThan(8);
    const waits = refused.map((exchange) => (ran.exchanges[exchange.seq + 1]?.due ?? 0) - exchange.done).slice(0, 3);
    expect(waits).toEqual([120_000, 220_000, 420_000]);
  });

  it('agrees with the server on every request of many users', async () => {
    const server = await serve(({ cookie, count }) => (cookie === null ? { headers: [`Set-Cookie: SID=s${count}.a; Path=/`] } : {}));
    const users: Workload['users'] = {
      ...workload([]).users,
      egress: [
        { policy: 'fixed', weight: 2 },
        { policy: 'per_request', exits: 3, weight: 1 },
      ],
    };
    const flow = [loop([get('/visit'), think(0, 10 * MILLISECOND)])];
    const ran = await run(workload(flow, { users, phases: [closed(0, 30, SECOND)] }), server.url);
    expect(ran.exchanges.length).toBe(server.ledger.length);
    expect(ran.exchanges.length).toBeGreaterThan(500);
    const count = (list: readonly string[]) =>
      Object.fromEntries([...new Set(list)].sort().map((key) => [key, list.filter((one) => one === key).length]));
    expect(count(ran.exchanges.map(({ egress }) => egress))).toEqual(count(server.ledger.map(({ from }) => from)));
    // Thirty users, thirty sessions: each carries his own and no other.
    const sessions = new Map(
      ran.exchanges.filter(({ session }) => session !== null).map(({ user, session }) => [`${user} ${session}`, user]),
    );
    expect(new Set(sessions.values()).size).toBe(sessions.size);
    const instants = ran.entries.map(instant);
    expect([...instants].sort((one, other) => one - other)).toEqual(instants);
  });

  it('ends at once when it is aborted, with what is in flight as interrupted', async () => {
    const abort = new AbortController();
    const server = await serve(({ path }) => {
      if (path === '/hang') setImmediate(() => abort.abort());
      return path === '/hang' ? HANGS : {};
    });
    const ran = await run(workload([get('/'), get('/hang')], { phases: [closed(1, 1, 60 * SECOND)] }), server.url, {
      signal: abort.signal,
    });
    expect(ran.end).toBe('interrupted');
    expect(outcomes(ran)).toEqual([200, 'interrupted']);
    expect(ran.entries.map(({ kind }) => kind)).toEqual(['phase', 'exchange', 'phase', 'exchange', 'pulse']);
  });

  it('does not hammer a target that accepts connections and drops them', async () => {
    const server = await serve(() => ({ end: 'silent' }));
    const ran = await run(workload([get('/')], { phases: [closed(4, 4, SECOND)] }), server.url);
    // Each user at 0, at once again, and after pauses of 100, 200 and 400 ms; later where the machine is slow.
    expect(server.ledger.length).toBeLessThanOrEqual(20);
    expect(new Set(outcomes(ran))).toEqual(new Set(['closed']));
    expect(ran.exchanges.length).toBe(server.ledger.length);
  });

  it('ends at once when it is aborted while it waits for the last answers', async () => {
    const server = await serve(() => HANGS);
    const abort = new AbortController();
    const ran = await run(workload([get('/')], { phases: [closed(2, 2, 100 * MILLISECOND)] }), server.url, {
      signal: abort.signal,
      // The end of the last phase.
      onEntry: (entry) => entry.kind === 'phase' && entry.stage === 'ended' && setImmediate(() => abort.abort()),
    });
    expect(ran.end).toBe('interrupted');
    expect(outcomes(ran)).toEqual(['interrupted', 'interrupted']);
    expect(ran.entries.at(-1)).toMatchObject({ kind: 'pulse', worker: 0, inFlight: 0, unstarted: 0 });
  });

  it('keeps an open model on its schedule', async () => {
    const server = await serve(() => ({}));
    const users = { ...workload([]).users, count: 1000 };
    const ran = await run(workload([get('/')], { users, phases: [open(100, 300, SECOND)] }), server.url);
    const expected = Array.from({ length: 200 }, (_, n) => n).map((n) => Math.round(((Math.sqrt(1e4 + 400 * n) - 100) / 200) * SECOND));
    const dues = ran.exchanges.map(({ due }) => due).sort((one, other) => one - other);
    expect(dues).toEqual(expected);
    expect(ran.entries.at(-1)).toMatchObject({ kind: 'pulse', worker: 0, unstarted: 0 });
    expect(ran.exchanges.every(({ due, asked, sent, done }) => due <= asked && asked <= sent && sent <= done)).toBe(true);
  });
});
