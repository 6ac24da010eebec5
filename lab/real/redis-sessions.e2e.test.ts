import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeReal } from '../../test/setup/real-lab.ts';
import { appConformance } from '../app.conformance.ts';
import { createSupervisor, type Supervisor } from '../processes/supervisor.ts';
import { STORE } from '../started.ts';
import { programsHere } from './fixtures/programs.ts';
import { startReal } from './start.ts';

const IDLE_SECONDS = 60;
const SECOND = 1_000_000;

let supervisor: Supervisor;
let storePort = 0;
const nodes: Record<'one' | 'two', string> = { one: '', two: '' };

async function startLab(): Promise<void> {
  supervisor = await createSupervisor();
  const backends = ['one', 'two'].map((name) => ({ name, weight: 1, down: false }));
  const plan = { kind: 'lab', strategy: 'redis_session', backends, port: 0, maxFails: 1, failTimeout: 10 * SECOND } as const;
  const lab = await startReal({ ...plan, sessionTimeout: IDLE_SECONDS * SECOND }, programsHere(), supervisor);
  for (const { name, address } of lab.backends) nodes[name as 'one' | 'two'] = `http://${address}`;
  const { args } = supervisor.children.get(STORE)!.spec;
  storePort = Number(args[args.indexOf('--port') + 1]);
}

/** Sends one inline command to Redis and resolves with the reply as it comes. */
function redis(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(storePort, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('error', reject).once('data', (reply) => {
      socket.destroy();
      resolve(reply.toString('latin1').trimEnd());
    });
  });
}

async function lifeOf(id: string): Promise<number> {
  return Number((await redis(`PTTL ${id}`)).slice(1));
}

interface Said {
  readonly status: number;
  readonly backend: string | null;
  readonly id: string;
  readonly created: string | null;
  readonly owner: string | null;
  readonly counter: string | null;
  readonly cookies: readonly string[];
}

async function ask(node: 'one' | 'two', method: string, path: string, id?: string): Promise<Said> {
  const answer = await fetch(nodes[node] + path, { method, headers: id === undefined ? {} : { Cookie: `JSESSIONID=${id}` } });
  await answer.arrayBuffer();
  const said = (name: string) => answer.headers.get(name);
  return {
    status: answer.status,
    backend: said('Sticky-Backend'),
    id: said('Sticky-Session') ?? '',
    created: said('Sticky-New'),
    owner: said('Sticky-Owner'),
    counter: said('Sticky-Counter'),
    cookies: answer.headers.getSetCookie(),
  };
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 20_000; !(await holds()); ) {
    if (performance.now() > deadline) throw new Error(`never came about: ${what}`);
  }
}

/** While `acts` begin one after the other, Redis lets everybody read and makes every write wait; then the writes go in that order. */
async function withWritesHeld<T>(acts: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  await redis('CLIENT PAUSE 60000 WRITE');
  const begun: Promise<T>[] = [];
  for (const act of acts) {
    begun.push(act());
    await until(`${begun.length} writes wait`, async () =>
      (await redis('INFO clients')).includes(`\r\nblocked_clients:${begun.length}\r\n`),
    );
  }
  await redis('CLIENT UNPAUSE');
  return Promise.all(begun);
}

describeReal('Tomcat with sessions in Redis', () => {
  beforeAll(startLab);
  afterAll(() => supervisor.stopAll());

  appConformance(() => ({ name: 'one', url: nodes.one }));

  it('finds a session on every node, under the id it was made with', async () => {
    const made = await ask('one', 'POST', '/visit');
    expect(made.id).toMatch(/\.one$/);
    expect(await ask('two', 'POST', '/visit', made.id)).toEqual({ ...made, backend: 'two', created: '0', counter: '2', cookies: [] });
    expect(await ask('one', 'GET', '/visit', made.id)).toEqual({ ...made, created: '0', counter: '2', cookies: [] });
  });

  it('stores the whole session under the whole id, for its idle timeout', async () => {
    const { id } = await ask('one', 'POST', '/visit');
    expect(await redis(`TYPE ${id}`)).toBe('+string');
    const life = await lifeOf(id);
    expect([life > (IDLE_SECONDS - 20) * 1000, life <= IDLE_SECONDS * 1000]).toEqual([true, true]);
  });

  it('renews the life of a session that is only read', async () => {
    const { id } = await ask('one', 'GET', '/visit');
    await redis(`PEXPIRE ${id} 20000`);
    await ask('two', 'GET', '/visit', id);
    expect(await lifeOf(id)).toBeGreaterThan(20_000);
  });

  it('makes a new session for one that has expired', async () => {
    const { id } = await ask('one', 'POST', '/visit');
    await redis(`PEXPIRE ${id} 1`);
    await until('the key is gone', async () => (await redis(`EXISTS ${id}`)) === ':0');
    const after = await ask('one', 'GET', '/visit', id);
    expect({ created: after.created, counter: after.counter, same: after.id === id }).toEqual({ created: '1', counter: '0', same: false });
  });

  it('moves a session to its new id at login, on whatever node, with all that is in it', async () => {
    const made = await ask('one', 'POST', '/visit');
    const login = await ask('two', 'POST', '/login', made.id);
    expect(login).toEqual({ ...made, backend: 'two', id: login.id, created: '0', cookies: [`JSESSIONID=${login.id}; Path=/; HttpOnly`] });
    expect(login.id).toMatch(/\.two$/);
    expect([await redis(`EXISTS ${made.id}`), await redis(`EXISTS ${login.id}`)]).toEqual([':0', ':1']);
    expect((await ask('one', 'POST', '/visit', login.id)).counter).toBe('2');
  });

  it('deletes a session at logout', async () => {
    const { id } = await ask('one', 'POST', '/visit');
    await ask('two', 'POST', '/logout', id);
    expect(await redis(`EXISTS ${id}`)).toBe(':0');
    expect((await ask('one', 'GET', '/visit', id)).created).toBe('1');
  });

  it('keeps the last of two writes at one time, for the session as a whole', async () => {
    const { id } = await ask('one', 'GET', '/visit');
    const writes = await withWritesHeld([() => ask('one', 'POST', '/visit', id), () => ask('two', 'POST', '/cart', id)]);
    expect(writes.map(({ status, counter }) => ({ status, counter }))).toEqual([
      { status: 200, counter: '1' },
      { status: 200, counter: '1' },
    ]);
    expect([(await ask('one', 'GET', '/visit', id)).counter, (await ask('one', 'GET', '/cart', id)).counter]).toEqual(['0', '1']);
  });

  it('does not let a slower write bring back a session that has ended', async () => {
    const { id } = await ask('one', 'POST', '/visit');
    const [, write] = await withWritesHeld<unknown>([() => redis(`DEL ${id}`), () => ask('two', 'POST', '/visit', id)]);
    expect(write).toEqual({ status: 500, backend: 'two', id: '', created: '0', owner: null, counter: null, cookies: [] });
    expect(await redis(`EXISTS ${id}`)).toBe(':0');
  });

  it('keeps the sessions of many requests at one time apart', async () => {
    const made = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(i % 2 === 0 ? 'one' : 'two', 'POST', '/visit')));
    const again = await Promise.all(made.map(({ id }, i) => ask(i % 3 === 0 ? 'one' : 'two', 'POST', '/visit', id)));
    expect(again.map(({ id, owner, counter }) => ({ id, owner, counter }))).toEqual(
      made.map(({ id, owner }) => ({ id, owner, counter: '2' })),
    );
  });

  it('answers 500 and gives no cookie while Redis is dead, and recovers with it', async () => {
    const { id } = await ask('one', 'POST', '/visit');
    const store = supervisor.children.get(STORE)!;
    store.signal('SIGKILL');
    await store.exited;
    const refused = { status: 500, id: '', created: '0', owner: null, counter: null, cookies: [] };
    expect(await ask('one', 'GET', '/visit', id)).toEqual({ ...refused, backend: 'one' });
    expect(await ask('one', 'POST', '/visit', id)).toEqual({ ...refused, backend: 'one' });
    expect(await ask('two', 'POST', '/visit')).toEqual({ ...refused, backend: 'two' });
    await supervisor.start(store.spec);
    // It keeps nothing on disk: the session is gone, the nodes are not.
    expect(await ask('one', 'GET', '/visit', id)).toMatchObject({ status: 200, created: '1', counter: '0' });
    expect(await ask('two', 'POST', '/visit')).toMatchObject({ status: 200, created: '1', counter: '1' });
  });

  it('serves the sessions of a node that was killed', async () => {
    const made = await ask('one', 'POST', '/visit');
    const node = supervisor.children.get('one')!;
    node.signal('SIGKILL');
    await node.exited;
    expect(await ask('two', 'GET', '/visit', made.id)).toEqual({ ...made, backend: 'two', created: '0', cookies: [] });
  });
});
