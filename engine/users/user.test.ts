import { describe, expect, it } from 'vitest';
import type { Answered, Entry, Exchange, LostReason } from '../../model/entry.ts';
import { route } from '../../model/session.ts';
import { MILLISECOND, SECOND } from '../../model/units.ts';
import type { Workload } from '../../model/workload.ts';
import { closed, get, loop, play, type Script, think, workload } from '../fixtures/fake-world.ts';
import { createDisguise } from './disguise.ts';

const disguise = createDisguise(new Uint8Array(32), (rest) => rest === 'a' || rest === 'b');
const tag = (id: string): string => disguise.session(id);
const exchanges = (entries: readonly Entry[]): readonly Exchange[] => entries.filter((entry) => entry.kind === 'exchange');
const ONCE: Partial<Workload> = { phases: [{ ...closed(1, 1, SECOND), model: 'open', from: 1, to: 1, arrivals: 'even' }] };
const base = workload([]);

/** Plays a flow once through by one user. */
const once = (flow: Parameters<typeof workload>[0], script: Script, rest: Partial<Workload> = {}, url = 'http://site.test') =>
  play(workload(flow, { ...ONCE, ...rest }), script, { url });
const ANSWERED: Answered = {
  kind: 'answered',
  status: 200,
  met: true,
  backend: null,
  path: [],
  set: null,
  deleted: false,
  effective: null,
  created: null,
  owner: null,
  counter: null,
};

describe('a user', () => {
  it('sends a plain request, and the headers and body of the workload', async () => {
    const http = { ...base.http, headers: [{ name: 'X-All', value: ['1'] }] };
    const post = get('/visit', {
      method: 'POST',
      headers: [
        { name: 'Content-Type', value: ['text/plain'] },
        { name: 'x-all', value: ['2'] },
      ],
      body: ['name=J\u00fcrgen'],
    });
    const { asked } = await once([get('/a?b=1'), post], () => ({}), { http });
    const common = { exit: '127.50.161.245', lane: -1 };
    expect(asked).toEqual([
      {
        ...common,
        at: 0,
        count: 0,
        method: 'GET',
        path: '/a?b=1',
        headers: { host: 'site.test', 'user-agent': 'stickybench', 'x-all': '1' },
        body: '',
      },
      {
        ...common,
        at: 1000,
        count: 1,
        method: 'POST',
        path: '/visit',
        headers: { host: 'site.test', 'user-agent': 'stickybench', 'x-all': '2', 'content-type': 'text/plain', 'content-length': '12' },
        body: 'name=J\u00c3\u00bcrgen',
      },
    ]);
  });

  it("sends the password of the target's URL, unless the workload has a header of its own", async () => {
    const own = get('/own', { headers: [{ name: 'authorization', value: ['Bearer x'] }] });
    const { asked } = await once([get('/'), own], () => ({}), {}, 'http://joe:pw@site.test');
    expect(asked.map(({ headers }) => [headers['host'], headers['authorization']])).toEqual([
      ['site.test', 'Basic am9lOnB3'],
      ['site.test', 'Bearer x'],
    ]);
  });

  it('keeps his cookies over the rounds of his flow and shows the session only as a tag', async () => {
    const script: Script = ({ headers }) => (headers['cookie'] === undefined ? { setCookies: ['SID=secret1.a; Path=/; HttpOnly'] } : {});
    const { entries, asked } = await play(workload([get('/'), think(400 * MILLISECOND)]), script);
    expect(asked.map(({ headers }) => headers['cookie'])).toEqual([undefined, 'SID=secret1.a', 'SID=secret1.a']);
    expect(exchanges(entries).map(({ session, outcome }) => [session, outcome])).toEqual([
      [null, { ...ANSWERED, set: tag('secret1.a') }],
      [tag('secret1.a'), ANSWERED],
      [tag('secret1.a'), ANSWERED],
    ]);
    expect(JSON.stringify(entries)).not.toContain('secret1');
  });

  it('reads the five headers of the cooperative page, and the path of the backends', async () => {
    const identify = {
      backend: { from: 'header', header: 'Sticky-Backend' },
      path: 'X-Upstream',
      names: { '127.0.0.1:81': 'a', '127.0.0.1:82': 'b' },
    } as const;
    const replies: readonly ReturnType<Script>[] = [
      {
        headers: {
          'Sticky-Backend': 'a',
          'Sticky-Session': 'X.a',
          'Sticky-New': '1',
          'Sticky-Owner': 'n1',
          'Sticky-Counter': '0',
          'X-Upstream': '127.0.0.1:81',
        },
        setCookies: ['SID=X.a; Path=/'],
      },
      {
        headers: {
          'Sticky-Backend': 'b',
          'Sticky-Session': 'X.a',
          'Sticky-New': '0',
          'Sticky-Owner': 'n1',
          'Sticky-Counter': '12',
          'X-Upstream': '127.0.0.1:81, 127.0.0.1:82',
        },
      },
      { headers: { 'Sticky-Backend': 'b', 'Sticky-Session': 'Y.b', 'Sticky-New': 'maybe', 'Sticky-Counter': '-1', 'X-Upstream': 'group' } },
      { headers: { 'X-Upstream': '127.0.0.1:82' }, setCookies: ['SID=; Path=/; Max-Age=0'] },
      { status: 500, setCookies: ['SID=Z.b; Path=/'] },
    ];
    const { entries } = await once([loop([get('/visit')], { count: 5 })], ({ count }) => replies[count] ?? {}, { identify });
    expect(exchanges(entries).map(({ session }) => session)).toEqual([null, tag('X.a'), tag('X.a'), tag('X.a'), null]);
    const owner = disguise.owner('n1');
    expect(exchanges(entries).map(({ outcome }) => outcome)).toEqual([
      { ...ANSWERED, backend: 'a', path: ['a'], set: tag('X.a'), effective: tag('X.a'), created: true, owner, counter: 0 },
      { ...ANSWERED, backend: 'b', path: ['a', 'b'], effective: tag('X.a'), created: false, owner, counter: 12 },
      { ...ANSWERED, backend: 'b', effective: tag('Y.b') },
      { ...ANSWERED, path: ['b'], deleted: true },
      { ...ANSWERED, status: 500, met: false, set: tag('Z.b') },
    ]);
  });

  it('knows the backend by its own header, by a cookie or by the route of a new session', async () => {
    const flow = [loop([get('/')], { count: 3 })];
    const script: Script = ({ count }) =>
      count === 1
        ? {}
        : { headers: { 'X-Server': `s${count}`, 'Sticky-Backend': 'coop' }, setCookies: ['SRV=a; Path=/', `SID=id${count}.b; Path=/`] };
    const backends = async (backend: Workload['identify']['backend']) => {
      const { entries } = await once(flow, script, { identify: { backend, path: null, names: { s0: 'first' } } });
      return exchanges(entries).map(({ outcome }) => outcome.kind === 'answered' && outcome.backend);
    };
    expect(await backends({ from: 'header', header: 'X-Server' })).toEqual(['first', null, 's2']);
    expect(await backends({ from: 'cookie', cookie: 'SRV' })).toEqual(['a', 'a', 'a']);
    expect(await backends({ from: 'route' })).toEqual(['b', null, 'b']);
    expect(await backends({ from: 'none' })).toEqual(['coop', null, 'coop']);
  });

  it('knows the backend by a route that names one, under the name it has, and by no other', async () => {
    const replies = ['X.a', 'X.n2', 'X.s3cret', 'X'].map((id) => ({ setCookies: [`SID=${id}; Path=/`] }));
    const flow = [loop([get('/')], { count: replies.length })];
    const seen = async (identify: Workload['identify'], backends: readonly string[]) => {
      const target = { ...base.target, backends } as Workload['target'];
      const { entries } = await once(flow, ({ count }) => replies[count] ?? {}, { identify, target });
      return exchanges(entries).map(({ outcome }) => outcome.kind === 'answered' && [outcome.backend, route(outcome.set ?? '')]);
    };
    const hidden = route(createDisguise(new Uint8Array(32), () => false).session('X.s3cret'));
    const identify = { backend: { from: 'route' }, path: null, names: { n2: 'b' } } as const;
    expect(await seen(identify, ['a', 'b'])).toEqual([
      ['a', 'a'],
      ['b', 'n2'],
      [null, hidden],
      [null, ''],
    ]);
    // Nothing is listed: whatever looks like a host is a backend.
    expect(await seen({ ...identify, names: {} }, [])).toEqual([
      ['a', 'a'],
      ['n2', 'n2'],
      ['s3cret', 's3cret'],
      [null, ''],
    ]);
  });

  it("does not put a balancer's own error down to the backend that the request's cookie names", async () => {
    const replies: readonly ReturnType<Script>[] = [
      { setCookies: ['SRV=a; Path=/'] },
      {},
      { status: 503 },
      { status: 503, setCookies: ['SRV=b; Path=/'] },
      { status: 404 },
    ];
    const identify = { backend: { from: 'cookie', cookie: 'SRV' }, path: null, names: {} } as const;
    const { entries } = await once([loop([get('/')], { count: 5 })], ({ count }) => replies[count] ?? {}, { identify });
    expect(exchanges(entries).map(({ outcome }) => outcome.kind === 'answered' && outcome.backend)).toEqual(['a', 'a', null, 'b', null]);
  });

  it('follows redirects with the jar, each hop an exchange of its own', async () => {
    const login = get('/login', {
      method: 'POST',
      op: 'rotate',
      body: ['user=1'],
      headers: [{ name: 'Content-Type', value: ['text/plain'] }],
    });
    const replies: Readonly<Record<string, ReturnType<Script>>> = {
      '/login': { status: 302, headers: { Location: '/home' }, setCookies: ['SID=new; Path=/'] },
      '/home': { status: 307, headers: { Location: 'http://site.test/end?x=1' } },
    };
    const { entries, asked } = await once([login, get('/next')], ({ path }) => replies[path] ?? {});
    expect(asked.map(({ method, path, headers, body }) => [method, path, headers['cookie'], headers['content-type'], body])).toEqual([
      ['POST', '/login', undefined, 'text/plain', 'user=1'],
      ['GET', '/home', 'SID=new', undefined, ''],
      ['GET', '/end?x=1', 'SID=new', undefined, ''],
      ['GET', '/next', 'SID=new', undefined, ''],
    ]);
    expect(exchanges(entries).map(({ seq, method, name, op, due, done }) => [seq, method, name, op, due, done])).toEqual([
      [0, 'POST', 'POST /login', 'rotate', 0, 1000],
      [1, 'GET', 'POST /login ->', 'other', 1000, 2000],
      [2, 'GET', 'POST /login ->', 'other', 2000, 3000],
      [3, 'GET', 'GET /next', 'read', 3000, 4000],
    ]);
    expect(exchanges(entries).map(({ outcome }) => outcome.kind === 'answered' && outcome.met)).toEqual([true, true, true, true]);
  });

  it('keeps method, body and meaning over a 308, and the method of a HEAD over a 303', async () => {
    const post = get('/p', { method: 'POST', op: 'write', body: ['x'] });
    const head = get('/h', { method: 'HEAD', op: 'read' });
    const script: Script = ({ path }) =>
      path === '/p' ? { status: 308, headers: { Location: '/q' } } : path === '/h' ? { status: 303, headers: { Location: '/i' } } : {};
    const { asked, entries } = await once([post, head], script);
    expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/p', 'x'],
      ['POST', '/q', 'x'],
      ['HEAD', '/h', ''],
      ['HEAD', '/i', ''],
    ]);
    expect(exchanges(entries).map(({ name, op }) => [name, op])).toEqual([
      ['POST /p', 'write'],
      ['POST /p ->', 'write'],
      ['HEAD /h', 'read'],
      ['HEAD /h ->', 'read'],
    ]);
  });

  it('follows no redirect to another origin, none beyond the limit, and then judges the answer', async () => {
    const round: Script = ({ path }) => ({ status: 302, headers: { Location: path === '/out' ? 'http://elsewhere.test/' : '/again' } });
    const expectOk = { status: [200], headers: [], body: [] };
    const flow = [get('/out', { expect: expectOk }), get('/in', { expect: expectOk })];
    const { entries, asked } = await once(flow, round, { http: { ...base.http, redirects: 2 } });
    expect(asked.map(({ path }) => path)).toEqual(['/out', '/in', '/again', '/again']);
    expect(exchanges(entries).map(({ outcome }) => outcome.kind === 'answered' && outcome.met)).toEqual([false, true, true, false]);
  });

  it('fills in variables: given, from rows, captured', async () => {
    const flow = [
      get('/start', {
        capture: [
          { from: 'header', header: 'X-Token', as: 'token' },
          { from: 'cookie', cookie: 'csrf', as: 'csrf' },
          { from: 'regex', pattern: 'item-(\\d+)', group: 1, as: 'item' },
          { from: 'json', path: 'a[0].b', as: 'missing' },
        ],
      }),
      get('/go', {
        method: 'POST',
        path: ['/u/', { variable: 'user.id' }, '/', { variable: 'item' }],
        headers: [{ name: 'X-Csrf', value: [{ variable: 'csrf' }, '!', { variable: 'missing' }] }],
        body: [{ variable: 'login' }, ' ', { variable: 'colour' }, ' ', { variable: 'token' }],
      }),
    ];
    const rest: Partial<Workload> = {
      variables: { colour: ['red'] },
      payload: [
        {
          path: 'x.csv',
          fields: ['login', 'pass'],
          rows: [
            ['ann', '1'],
            ['bob', '2'],
          ],
          order: 'sequence',
        },
      ],
    };
    const { asked } = await once(
      flow,
      () => ({ headers: { 'X-Token': 't\r\nEvil: 1' }, setCookies: ['csrf=c1; Path=/x'], body: 'see item-77' }),
      rest,
    );
    expect(asked[1]).toMatchObject({ path: '/u/0/77', body: 'ann red t\r\nEvil: 1', headers: { 'x-csrf': 'c1!', 'content-length': '18' } });
  });

  it('cannot be made to write another header by what it captured', async () => {
    const flow = [
      get('/', { capture: [{ from: 'regex', pattern: 'v=([^]*)', group: 1, as: 'v' }] }),
      get('/x', { headers: [{ name: 'X-V', value: [{ variable: 'v' }] }], path: ['/', { variable: 'v' }] }),
    ];
    const { asked } = await once(flow, () => ({ body: 'v=1\rHost: evil' }));
    expect(asked[1]?.headers).toEqual({ host: 'site.test', 'user-agent': 'stickybench', 'x-v': '1 Host: evil' });
    expect(asked[1]?.path).toBe('/1%0DHost:%20evil');
  });

  it('judges status, headers and body', async () => {
    const expects = [
      { status: [404], headers: [], body: [] },
      { status: [], headers: [{ name: 'Content-Type', pattern: '^text/' }], body: [] },
      { status: [], headers: [], body: ['wel+come', 'again'] },
      { status: [], headers: [], body: ['missing'] },
      { status: [], headers: [{ name: 'X-None', pattern: '.' }], body: [] },
    ];
    const flow = expects.map((expected, place) => get(`/${place}`, { expect: expected }));
    const { entries } = await once(flow, ({ count }) => ({
      status: count === 0 ? 404 : 200,
      headers: { 'Content-Type': 'text/html' },
      body: 'welcome again',
    }));
    expect(exchanges(entries).map(({ outcome }) => outcome.kind === 'answered' && outcome.met)).toEqual([true, true, true, false, false]);
  });

  it('goes on after a lost request, and opens another connection under per_connection', async () => {
    const users: Workload['users'] = {
      ...base.users,
      egress: [{ policy: 'per_connection', exits: 2, weights: [1, 1], lifetime: 1000 * SECOND, weight: 1 }],
    };
    const { entries } = await once([loop([get('/')], { count: 40 })], ({ count }) => (count % 2 === 0 ? { lost: 'reset' } : {}), { users });
    const used = exchanges(entries).map(({ egress }) => egress);
    expect(
      exchanges(entries)
        .slice(0, 2)
        .map(({ outcome }) => outcome),
    ).toEqual([{ kind: 'lost', reason: 'reset' }, ANSWERED]);
    expect(new Set(used).size).toBe(2);
    // Only a lost request, every even one, makes the next leave by a new connection.
    expect(used.every((egress, place) => place % 2 === 1 || place === 0 || egress === used[place - 1])).toBe(true);
  });

  it('opens another connection under per_connection after an answer that closes his', async () => {
    const users: Workload['users'] = {
      ...base.users,
      egress: [{ policy: 'per_connection', exits: 2, weights: [1, 1], lifetime: 1000 * SECOND, weight: 1 }],
    };
    const { entries } = await once([loop([get('/')], { count: 40 })], ({ count }) => ({ closes: count % 2 === 0 }), { users });
    const used = exchanges(entries).map(({ egress }) => egress);
    expect(new Set(used).size).toBe(2);
    expect(used.every((egress, place) => place % 2 === 1 || place === 0 || egress === used[place - 1])).toBe(true);
  });

  it('holds back from the second connection on that ends without a byte of an answer, and begins anew after one', async () => {
    const dues = async (losses: readonly (LostReason | null)[]) => {
      const { entries } = await once([loop([get('/')], { count: losses.length })], ({ count }) => {
        const lost = losses[count] ?? null;
        return lost === null ? { after: 0 } : { lost, after: 0 };
      });
      return exchanges(entries).map(({ due }) => due / MILLISECOND);
    };
    expect(await dues(['closed', null, 'reset', null])).toEqual([0, 0, 0, 0]);
    expect(await dues(['closed', 'reset', 'closed', 'closed', null, 'closed', 'closed', null])).toEqual([
      0, 0, 100, 300, 700, 700, 700, 800,
    ]);
    expect(await dues(['closed', 'cut', 'closed', 'closed', null])).toEqual([0, 0, 0, 0, 100]);
  });

  it('gives his own connections up when he leaves for good, and those of all never', async () => {
    const own = { http: { ...base.http, connections: 'per_user' as const } };
    const phases = [{ ...closed(0, 0, SECOND), model: 'open', from: 2, to: 2, arrivals: 'even' } as const];
    const { released } = await play(workload([get('/'), get('/')], { ...own, phases, users: { ...base.users, count: 9 } }), () => ({}));
    expect(released).toEqual([
      [2_000, 0],
      [502_000, 1],
    ]);
    const shared = await play(workload([get('/')], { phases, users: { ...base.users, count: 9 } }), () => ({}));
    expect(shared.released).toEqual([]);
    const waves = [closed(1, 1, 10_000), closed(0, 0, 10_000, 'off'), closed(1, 1, 10_000, 'on'), closed(0, 0, 10_000, 'out')];
    const returning = await play(workload([get('/'), think(4_000)], { ...own, phases: waves }), () => ({}));
    expect(returning.released).toEqual([[26_000, 0]]);
  });

  it('writes his address into a header when asked to, and has lanes of his own when asked to', async () => {
    const users: Workload['users'] = {
      ...base.users,
      via: { via: 'header', header: 'X-Forwarded-For' },
      egress: [{ policy: 'per_request', exits: 3, weight: 1 }],
    };
    const { asked, entries } = await once([loop([get('/')], { count: 30 })], () => ({}), {
      users,
      http: { ...base.http, connections: 'per_user' },
    });
    expect(new Set(asked.map(({ exit }) => exit)).size).toBe(3);
    expect(asked.map(({ headers }) => headers['x-forwarded-for'])).toEqual(exchanges(entries).map(({ egress }) => egress));
    expect(asked.map(({ lane }) => lane)).toEqual(new Array(30).fill(0));
  });

  it('sends nothing to another origin that a variable leads to', async () => {
    const flow = [get('/', { path: [{ variable: 'where' }] }), get('/next')];
    const { asked, entries } = await once(flow, () => ({}), {
      variables: { where: ['http://elsewhere.test/'] },
      phases: [{ ...closed(1, 1, 2 * SECOND) }],
    });
    expect(asked.map(({ path, at }) => [path, at])).toEqual([['/next', SECOND]]);
    expect(entries.at(-1)).toMatchObject({ kind: 'pulse', worker: 0, unstarted: 2 });
    await expect(once([get('http://elsewhere.test/')], () => ({}))).rejects.toThrow(
      '"GET http://elsewhere.test/" asks for "http://elsewhere.test/", which is not on the target http://site.test.',
    );
  });

  it('keeps all he has over think times, though others think at the same time', async () => {
    const flow = [
      get('/start', { capture: [{ from: 'header', header: 'X-Token', as: 'token' }] }),
      loop([think(MILLISECOND, 20 * MILLISECOND), get('/use', { headers: [{ name: 'X-Token', value: [{ variable: 'token' }] }] })], {
        pace: 30 * MILLISECOND,
        count: 9,
      }),
    ];
    const egress = [{ policy: 'switch', exits: 3, dwell: 40 * MILLISECOND, weight: 1 } as const];
    const identify = { backend: { from: 'header', header: 'X-Server' }, path: 'X-Path', names: {} } as const;
    const script: Script = ({ headers, path }) => {
      const token = headers['x-token'] ?? headers['host'];
      const seen = headers['cookie'] ?? '';
      const cookies = path === '/start' ? ['lang=en; Path=/', 'SID=first.a; Path=/', 'brief=1; Max-Age=1; Path=/'] : [];
      return {
        headers: {
          'X-Token': `${token}+`,
          'X-Server': 'a',
          'X-Path': 'b, a',
          'Sticky-Session': 'other',
          'Sticky-Owner': 'o',
          'Sticky-Counter': '5',
        },
        setCookies: seen.length === 0 ? cookies : [],
      };
    };
    const all = async (count: number) => {
      const own = workload(flow, { users: { ...base.users, egress }, identify, phases: [closed(count, count, SECOND)] });
      const { entries, asked } = await play(own, script);
      const mine = exchanges(entries).filter(({ user }) => user === 0);
      const exits = new Set(mine.map((exchange) => exchange.egress));
      return { mine, sent: asked.filter(({ exit }) => exits.has(exit)).map(({ headers }) => headers) };
    };
    const alone = await all(1);
    expect(await all(9)).toEqual(alone);
    expect(alone.mine.length).toBe(41);
    expect(alone.sent.slice(0, 3).map((headers) => [headers['cookie'], headers['x-token']])).toEqual([
      [undefined, undefined],
      ['lang=en; SID=first.a; brief=1', 'site.test+'],
      ['lang=en; SID=first.a; brief=1', 'site.test+'],
    ]);
    expect(alone.sent.at(-1)?.['cookie']).toBe('lang=en; SID=first.a; brief=1');
    expect(alone.mine.at(-1)?.outcome).toEqual({
      ...ANSWERED,
      backend: 'a',
      path: ['b', 'a'],
      effective: tag('other'),
      owner: disguise.owner('o'),
      counter: 5,
    });
  });

  it('does the same as he would among others', async () => {
    const flow = [get('/'), think(MILLISECOND, 50 * MILLISECOND)];
    const users: Workload['users'] = { ...base.users, egress: [{ policy: 'per_request', exits: 3, weight: 1 }] };
    const mine = async (count: number) => {
      const { entries } = await play(workload(flow, { users, phases: [closed(count, count, SECOND)] }), () => ({}));
      return exchanges(entries).filter(({ user }) => user === 0);
    };
    expect(await mine(1)).toEqual(await mine(7));
  });
});
