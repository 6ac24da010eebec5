// How many connections there are, whose they are and which one is used, as the server sees it.

import { connect, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WHOLE } from '../../model/shard.ts';
import type { Job, Transport } from '../wire.ts';
import { IDLE_KEPT } from './connection.ts';
import { type Dialer, dialer } from './dial.ts';
import { answer, ask, job, optionsFor, RECEIVE, readers, until } from './fixtures/ask.ts';
import { type Behaviour, type Saboteur, saboteur, type Visit } from './fixtures/saboteur.ts';
import type { TransportOptions } from './options.ts';
import { Pool } from './pool.ts';
import { portAllocator } from './ports.ts';
import { parseTarget } from './target.ts';
import { createTransport } from './transport.ts';

const open: { transports: { close(): void }[]; servers: Saboteur[] } = { transports: [], servers: [] };

afterEach(async () => {
  for (const transport of open.transports.splice(0)) transport.close();
  for (const server of open.servers.splice(0)) await server.close();
});

async function setUp(behaviour: Behaviour, given: Partial<TransportOptions> = {}): Promise<{ server: Saboteur; transport: Transport }> {
  const server = await saboteur(behaviour);
  const transport = await createTransport(optionsFor(server.url, given));
  open.servers.push(server);
  open.transports.push(transport);
  return { server, transport };
}

/** A pool whose sweeps are ours to make. */
function poolTo(server: Saboteur, given: Partial<TransportOptions>): Pool {
  const options = optionsFor(server.url, given);
  const addresses = { first: '127.0.0.1', four: '127.0.0.1', six: null };
  const pool = new Pool(
    options,
    readers(),
    dialer(parseTarget(server.url), addresses, options, portAllocator([], WHOLE, 0), RECEIVE),
    () => {},
  );
  open.servers.push(server);
  open.transports.push(pool);
  return pool;
}

/** A server that answers when it is told to. */
async function patient(given: Partial<TransportOptions> = {}) {
  const held: Visit[] = [];
  const { server, transport } = await setUp({ visit: (visit) => held.push(visit) }, given);
  const release = () => {
    for (const { socket } of held.splice(0)) socket.write(answer('ok'));
  };
  return { server, transport, held, release };
}

const OK = ['sent', 'answered 200 "ok"'];
const paths = (server: Saboteur) => server.visits.map(({ connection, text }) => `${connection}${text.split(' ')[1]}`);

describe('the shared lane of an exit', () => {
  it('has one connection while requests come one after the other', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write(answer('ok')) });
    for (let request = 0; request < 20; request++) expect(await ask(transport)).toEqual(OK);
    expect(server.sources.length).toBe(1);
    expect(transport.open).toBe(1);
  });

  it('opens another connection whenever none is idle, and uses them all again', async () => {
    const { server, transport, held, release } = await patient();
    for (let round = 0; round < 3; round++) {
      const told = Array.from({ length: 10 }, () => ask(transport));
      await until(() => held.length === 10);
      release();
      expect(await Promise.all(told)).toEqual(Array.from({ length: 10 }, () => OK));
    }
    expect(server.sources.length).toBe(10);
    expect(transport.open).toBe(10);
  });

  it('uses the connection that became idle last', async () => {
    const { server, transport, held } = await patient();
    const told = ['/a', '/b', '/c'].map((path) => ask(transport, { path }));
    await until(() => held.length === 3);
    const of = (path: string) => held.find(({ text }) => text.includes(` ${path} `));
    for (const [place, path] of ['/c', '/a', '/b'].entries()) {
      of(path)?.socket.write(answer('ok'));
      await told[['/a', '/b', '/c'].indexOf(path)];
      expect(place).toBeLessThan(3);
    }
    const next = ask(transport, { path: '/next' });
    await until(() => held.length === 4);
    held[3]?.socket.write(answer('ok'));
    await next;
    expect(held[3]?.connection).toBe(of('/b')?.connection);
    expect(server.sources.length).toBe(3);
  });

  it('belongs to its exit alone', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write(answer('ok')) }, { via: { via: 'bind' } });
    for (const exit of ['127.0.4.1', '127.0.5.1', '127.0.4.1', '127.0.5.1']) await ask(transport, { exit });
    expect(server.sources.map(({ address }) => address)).toEqual(['127.0.4.1', '127.0.5.1']);
  });

  it('is apart from the lanes of users', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write(answer('ok')) });
    for (const lane of [-1, 0, 1, 0, -1]) await ask(transport, { lane });
    expect(server.visits.map(({ connection }) => connection)).toEqual([0, 1, 2, 1, 0]);
  });
});

describe('at the most connections that may be open', () => {
  it('the one that has been idle longest makes way', async () => {
    const server = await saboteur({ visit: ({ socket }) => socket.write(answer('ok')) });
    let now = 0;
    const pool = poolTo(server, { most: 3, clock: () => now++ });
    const sent = async (exit: string) => {
      const asked = job({ exit });
      pool.send(asked.job);
      expect(await asked.told).toEqual(OK);
    };
    for (const exit of ['a', 'b', 'c', 'a', 'd']) await sent(exit);
    await until(() => server.open() === 3);
    expect(pool.open).toBe(3);
    // `b` has made way, the others are used again.
    for (const exit of ['a', 'c', 'd']) await sent(exit);
    expect(server.visits.map(({ connection }) => connection)).toEqual([0, 1, 2, 0, 3, 0, 2, 3]);
  });

  it('requests in flight are left alone', async () => {
    const { transport, held, release } = await patient({ most: 2 });
    const told = ['a', 'b', 'c'].map((exit) => ask(transport, { exit }));
    await until(() => held.length === 3);
    expect(transport.open).toBe(3);
    release();
    expect(await Promise.all(told)).toEqual([OK, OK, OK]);
  });
});

describe('a lane of its user', () => {
  it('has one connection per exit under per_user, on which requests queue in order', async () => {
    const { server, transport, held, release } = await patient({ connections: 'per_user' });
    const told = ['/1', '/2', '/3'].map((path) => ask(transport, { lane: 7, path }));
    for (let request = 0; request < 3; request++) {
      await until(() => held.length === 1);
      expect(server.visits.length).toBe(request + 1);
      release();
    }
    expect(await Promise.all(told)).toEqual([OK, OK, OK]);
    expect(paths(server)).toEqual(['0/1', '0/2', '0/3']);
    await Promise.all([ask(transport, { lane: 7, exit: '127.0.0.2' }), until(() => held.length === 1).then(release)]);
    expect(server.sources.length).toBe(2);
  });

  it('has up to six connections under browser, and requests beyond wait', async () => {
    const { server, transport, held, release } = await patient({ connections: 'browser' });
    const told = Array.from({ length: 10 }, () => ask(transport, { lane: 7 }));
    await until(() => held.length === 6);
    expect(server.sources.length).toBe(6);
    release();
    await until(() => held.length === 4);
    release();
    await Promise.all(told);
    expect(server.sources.length).toBe(6);
    expect(transport.open).toBe(6);
  });

  it('is closed when the user leaves, at every exit, and nobody else notices', async () => {
    const { server, transport, held, release } = await patient({ connections: 'browser' });
    const wishes = [{ lane: 7 }, { lane: 7 }, { lane: 7, exit: '127.0.0.2' }, { lane: 8 }, {}];
    const told = wishes.map((wish) => ask(transport, wish));
    await until(() => held.length === 5);
    release();
    await Promise.all(told);
    transport.release(7);
    transport.release(9);
    expect(transport.open).toBe(2);
    await until(() => server.open() === 2);
    const again = [{ lane: 7 }, { lane: 8 }, {}].map((wish) => ask(transport, wish));
    await until(() => held.length === 3);
    release();
    expect(await Promise.all(again)).toEqual([OK, OK, OK]);
    expect(server.visits.slice(5).map(({ connection, nth }) => [connection, nth])).toEqual(
      expect.arrayContaining([
        [3, 1],
        [4, 1],
        [5, 0],
      ]),
    );
  });

  it('gives the next in the queue a new connection when the one it waited for is lost', async () => {
    const { server, transport } = await setUp(
      { visit: ({ socket, connection }) => (connection === 0 ? socket.end() : socket.write(answer('ok'))) },
      { connections: 'per_user' },
    );
    const told = ['/1', '/2', '/3'].map((path) => ask(transport, { lane: 7, path }));
    expect(await Promise.all(told)).toEqual([['sent', 'lost closed'], OK, OK]);
    expect(paths(server)).toEqual(['0/1', '1/2', '1/3']);
  });

  it('refuses each in the queue for itself when nobody listens', async () => {
    const { server, transport } = await setUp({ visit: () => {} }, { connections: 'per_user' });
    await server.close();
    const told = ['/1', '/2', '/3'].map((path) => ask(transport, { lane: 7, path }));
    expect(await Promise.all(told)).toEqual([
      ['refused connection-refused'],
      ['refused connection-refused'],
      ['refused connection-refused'],
    ]);
    expect(transport.open).toBe(0);
  });
});

describe('an idle connection', () => {
  it('is closed when nobody has used it for long, and one that is used is not', async () => {
    let now = 0;
    const held: Visit[] = [];
    const server = await saboteur({ visit: (visit) => held.push(visit) });
    const pool = poolTo(server, { clock: () => now });
    const askOnce = async (jobs: number) => {
      const asked = Array.from({ length: jobs }, () => job({}));
      for (const each of asked) pool.send(each.job);
      await until(() => held.length === jobs);
      for (const { socket } of held.splice(0)) socket.write(answer('ok'));
      expect(await Promise.all(asked.map(({ told }) => told))).toEqual(asked.map(() => OK));
    };
    await askOnce(2);
    now = IDLE_KEPT - 1;
    pool.sweep();
    expect(pool.open).toBe(2);
    await askOnce(1);
    now = IDLE_KEPT;
    pool.sweep();
    expect(pool.open).toBe(1);
    await until(() => server.open() === 1);
    now = 2 * IDLE_KEPT - 1;
    pool.sweep();
    expect(pool.open).toBe(0);
    await until(() => server.open() === 0);
  });
});

describe('a timeout', () => {
  it('counts from sending by the clock of the run', async () => {
    let now = 1_000_000;
    const server = await saboteur({ visit: () => {} });
    const pool = poolTo(server, { clock: () => now, timeout: 5_000_000 });
    const asked = job({});
    pool.send(asked.job);
    await until(() => server.visits.length === 1);
    now = 5_999_999;
    pool.sweep();
    expect(asked.soFar).toEqual(['sent']);
    now = 6_000_000;
    pool.sweep();
    expect(asked.soFar).toEqual(['sent', 'lost timeout']);
  });
});

describe('a source port', () => {
  const failed = (code: string) => Object.assign(new Error(code), { code, syscall: 'connect' });
  const poolWith = (dialer: Dialer): Pool => {
    const pool = new Pool(optionsFor('http://127.0.0.1:1'), readers(), dialer, () => {});
    open.transports.push(pool);
    return pool;
  };
  const askPool = (pool: Pool): Promise<readonly string[]> => {
    const asked = job({});
    pool.send(asked.job satisfies Job);
    return asked.told;
  };

  it('that is taken makes way for the next, until one is free', async () => {
    const server = await saboteur({ visit: ({ socket }) => socket.write(answer('ok')) });
    open.servers.push(server);
    let dials = 0;
    const pool = poolWith({
      tries: 5,
      dial(_owner, line) {
        dials++;
        const buffer = Buffer.alloc(1000);
        const socket = connect({
          port: server.port,
          host: '127.0.0.1',
          onread: {
            buffer,
            callback(size) {
              line.bytes(buffer, size);
              return true;
            },
          },
        });
        if (dials < 4) socket.once('connect', () => line.failed(socket, failed(dials % 2 === 0 ? 'EADDRINUSE' : 'EADDRNOTAVAIL')));
        else socket.once('connect', () => line.opened(socket, ''));
        return socket;
      },
    });
    expect(await askPool(pool)).toEqual(OK);
    expect(dials).toBe(4);
    expect(pool.open).toBe(1);
  });

  it('that is taken again and again refuses the request', async () => {
    let dials = 0;
    const pool = poolWith({
      tries: 5,
      dial(_owner, line) {
        dials++;
        const socket = new Socket();
        setImmediate(() => line.failed(socket, failed('EADDRINUSE')));
        return socket;
      },
    });
    expect(await askPool(pool)).toEqual(['refused no-port']);
    expect(pool.open).toBe(0);
    expect(dials).toBe(5);
  });

  it('that is not to be had refuses the request, not during the call', async () => {
    const pool = poolWith({ tries: 5, dial: () => null });
    const asked = job({});
    pool.send(asked.job);
    expect(asked.soFar).toEqual([]);
    expect(await asked.told).toEqual(['refused no-port']);
    expect(pool.open).toBe(0);
  });
});
