// Every way an exchange can fail, each with exactly one outcome, told to its own job.

import { spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Transport } from '../wire.ts';
import { answer, ask, job, optionsFor, until } from './fixtures/ask.ts';
import { type Behaviour, type Saboteur, saboteur } from './fixtures/saboteur.ts';
import type { TransportOptions } from './options.ts';
import { createTransport } from './transport.ts';

const open: { transports: Transport[]; servers: Saboteur[] } = { transports: [], servers: [] };

afterEach(async () => {
  for (const transport of open.transports.splice(0)) transport.close();
  for (const server of open.servers.splice(0)) await server.close();
});

async function setUp(behaviour: Behaviour, given: Partial<TransportOptions> = {}): Promise<{ server: Saboteur; transport: Transport }> {
  const server = await saboteur(behaviour);
  open.servers.push(server);
  return { server, transport: await transportTo(server.url, given) };
}

async function transportTo(url: string, given: Partial<TransportOptions> = {}): Promise<Transport> {
  const transport = await createTransport(optionsFor(url, given));
  open.transports.push(transport);
  return transport;
}

const HALF_HEAD = 'HTTP/1.1 200 OK\r\nContent-Len';
const HALF_BODY = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';

describe('a request whose connection does not come about is refused', () => {
  it('with connection-refused where nobody listens', async () => {
    const vacated = createServer();
    await new Promise<void>((resolve) => vacated.listen(0, '127.0.0.1', resolve));
    const { port } = vacated.address() as AddressInfo;
    await new Promise((resolve) => vacated.close(resolve));
    const transport = await transportTo(`http://127.0.0.1:${port}`);
    expect(await ask(transport)).toEqual(['refused connection-refused']);
    expect(transport.open).toBe(0);
  });

  it('with connect-timeout where the queue of the listener is full', async () => {
    // Listens with a queue of two and never accepts.
    const deaf = spawn(process.execPath, [
      '-e',
      `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        require('fs').writeSync(1, String(s.address().port)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000); });`,
    ]);
    try {
      const port = await new Promise<string>((resolve) => deaf.stdout.once('data', (text) => resolve(String(text))));
      const transport = await transportTo(`http://127.0.0.1:${port}`, { timeout: 300_000, connectTimeout: 300_000 });
      const told = await Promise.all([1, 2, 3, 4].map(() => ask(transport)));
      expect(told.map((words) => words.join(', ')).sort()).toEqual([
        'refused connect-timeout',
        'refused connect-timeout',
        'sent, lost timeout',
        'sent, lost timeout',
      ]);
    } finally {
      deaf.kill('SIGKILL');
    }
  });

  it('with no-address where the source address is not of this machine', async () => {
    const { server, transport } = await setUp({ visit: () => {} }, { via: { via: 'bind' } });
    expect(await ask(transport, { exit: '203.0.113.7' })).toEqual(['refused no-address']);
    expect(await ask(transport, { exit: '::1' })).toEqual(['refused no-address']);
    expect(server.sources).toEqual([]);
  });
});

describe('a request that was sent and has no whole answer is lost', () => {
  const cases: readonly (readonly [string, string, Behaviour])[] = [
    [
      'closed, when the server ends the connection without reading',
      'closed',
      { connected: (socket) => socket.pause().end(), visit: () => {} },
    ],
    ['closed, when the server ends the connection instead of answering', 'closed', { visit: ({ socket }) => socket.end() }],
    ['reset, when the server resets the connection instead of answering', 'reset', { visit: ({ socket }) => socket.resetAndDestroy() }],
    ['cut, when the connection ends in the head', 'cut', { visit: ({ socket }) => socket.end(HALF_HEAD) }],
    [
      'cut, when the connection is reset in the head',
      'cut',
      { visit: ({ socket }) => socket.write(HALF_HEAD, () => setTimeout(() => socket.resetAndDestroy(), 20)) },
    ],
    ['cut, when the connection ends in the body', 'cut', { visit: ({ socket }) => socket.end(HALF_BODY) }],
    [
      'cut, when the connection is reset in the body',
      'cut',
      { visit: ({ socket }) => socket.write(HALF_BODY, () => setTimeout(() => socket.resetAndDestroy(), 20)) },
    ],
    [
      'cut, when the connection is reset in a body without a length',
      'cut',
      { visit: ({ socket }) => socket.write('HTTP/1.1 200 OK\r\n\r\nx', () => setTimeout(() => socket.resetAndDestroy(), 20)) },
    ],
    ['cut, when nothing follows an interim answer', 'cut', { visit: ({ socket }) => socket.end('HTTP/1.1 100 Continue\r\n\r\n') }],
    ['malformed, when the answer is garbage', 'malformed', { visit: ({ socket }) => socket.write('hello\r\n') }],
    [
      'malformed, when a later chunk is garbage',
      'malformed',
      { visit: ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n') },
    ],
    [
      'oversized, when the head is larger than 64 KiB',
      'oversized',
      { visit: ({ socket }) => socket.write(answer('', `X: ${'x'.repeat(70_000)}`)) },
    ],
    ['oversized, when the body is larger than allowed', 'oversized', { visit: ({ socket }) => socket.write(answer('x'.repeat(1001))) }],
    ['timeout, when the server never answers', 'timeout', { visit: () => {} }],
    [
      'timeout, when the answer never ends',
      'timeout',
      {
        visit: ({ socket }) => {
          const drip = setInterval(() => socket.write('x'), 10);
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          socket.on('close', () => clearInterval(drip));
        },
      },
    ],
  ];
  it.each(cases)('%s', async (_, reason, behaviour) => {
    const { server, transport } = await setUp(behaviour, { maxBody: 1000, timeout: reason === 'timeout' ? 200_000 : 20_000_000 });
    expect(await ask(transport)).toEqual(['sent', `lost ${reason}`]);
    expect(transport.open).toBe(0);
    await until(() => server.open() === 0 || reason === 'closed');
    expect(server.sources.length).toBe(1);
  });

  it('and is lost once, however many are in flight, each for its own reason', async () => {
    const ends = ['closed', 'reset', 'malformed', 'answered'];
    const { transport } = await setUp({
      visit({ socket, text }) {
        const end = ends.find((word) => text.includes(`/${word} `));
        if (end === 'closed') socket.end();
        else if (end === 'reset') socket.resetAndDestroy();
        else socket.write(end === 'malformed' ? '?' : answer('ok'));
      },
    });
    const wanted = Array.from({ length: 40 }, (_, place) => ends[place % ends.length] ?? '');
    const told = await Promise.all(wanted.map((end) => ask(transport, { path: `/${end}` })));
    expect(told).toEqual(wanted.map((end) => ['sent', end === 'answered' ? 'answered 200 "ok"' : `lost ${end}`]));
  });
});

describe('a slow answer', () => {
  it('is answered when it is whole in time, however it drips', async () => {
    const text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    const { transport } = await setUp({
      async visit({ socket }) {
        for (const byte of text) {
          socket.write(byte);
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    });
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "abc"']);
  });
});

describe('a kept connection', () => {
  it('that the server ended while it was idle is dropped without a word, and the next request takes a new one', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write(answer('ok')) });
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    expect(transport.open).toBe(1);
    server.visits[0]?.socket.end();
    await until(() => transport.open === 0);
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    expect(server.visits.map(({ connection, nth }) => ({ connection, nth }))).toEqual([
      { connection: 0, nth: 0 },
      { connection: 1, nth: 0 },
    ]);
  });

  it('that the server reset while it was idle is dropped without a word', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write(answer('ok')) });
    await ask(transport);
    server.visits[0]?.socket.resetAndDestroy();
    await until(() => transport.open === 0);
  });

  it('on which the server speaks unasked is dropped', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write(answer('ok')) });
    await ask(transport);
    server.visits[0]?.socket.write(answer('unasked'));
    await until(() => transport.open === 0);
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    expect(server.sources.length).toBe(2);
  });

  it('is not used again when more than the answer came', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write(`${answer('ok')}${answer('twice')}`) });
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    expect(transport.open).toBe(0);
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    expect(server.sources.length).toBe(2);
  });

  it.each(['closed', 'reset'] as const)('that is %s under the next request loses that request, which is not sent again', async (reason) => {
    const { server, transport } = await setUp({
      visit({ socket, nth }) {
        if (nth === 0) socket.write(answer('ok'));
        else if (reason === 'closed') socket.end();
        else socket.resetAndDestroy();
      },
    });
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    expect(await ask(transport)).toEqual(['sent', 'lost dropped']);
    expect(server.visits.map(({ connection, nth }) => ({ connection, nth }))).toEqual([
      { connection: 0, nth: 0 },
      { connection: 0, nth: 1 },
    ]);
  });

  it.each([
    ['Connection: close', answer('ok', 'Connection: close')],
    ['HTTP/1.0', answer('ok').replace('1.1', '1.0')],
  ])('is not kept after %s', async (_, text) => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.end(text) });
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    expect(server.sources.length).toBe(2);
    await until(() => transport.open === 0);
  });

  it('tells the user whether it takes another request', async () => {
    const ways = [
      answer('ok'),
      answer('ok', 'Connection: close'),
      answer('ok').replace('1.1', '1.0'),
      answer('ok', 'Connection: keep-alive').replace('1.1', '1.0'),
      `${answer('ok')}and more`,
    ];
    const { transport } = await setUp({ visit: ({ socket, text }) => socket.write(ways[Number(/\d/.exec(text))] ?? '') });
    const closes: boolean[] = [];
    for (const way of ways.keys()) {
      const asked = job({ path: `/${way}` }, (given) => closes.push(given.closes));
      transport.send(asked.job);
      await asked.told;
    }
    expect(closes).toEqual([false, true, true, false, true]);
  });

  it('is ended by us when a server that said it would close does not', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write(answer('ok', 'Connection: close')) });
    await ask(transport);
    expect(transport.open).toBe(1);
    await until(() => transport.open === 0);
    const [visit] = server.visits;
    await until(() => visit?.socket.readableEnded === true);
  });

  it('is kept after HTTP/1.0 with keep-alive', async () => {
    const { server, transport } = await setUp({
      visit: ({ socket }) => socket.write(answer('ok', 'Connection: keep-alive').replace('1.1', '1.0')),
    });
    await ask(transport);
    await ask(transport);
    expect(server.sources.length).toBe(1);
  });

  it('ends with a body that ends with it', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.end('HTTP/1.1 200 OK\r\n\r\nall') });
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "all"']);
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "all"']);
    expect(server.sources.length).toBe(2);
  });
});

describe('an answer', () => {
  it('to HEAD has no body', async () => {
    const { server, transport } = await setUp({ visit: ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n') });
    expect(await ask(transport, { method: 'HEAD' })).toEqual(['sent', 'answered 200 ""']);
    expect(await ask(transport, { method: 'HEAD' })).toEqual(['sent', 'answered 200 ""']);
    expect(server.sources.length).toBe(1);
  });

  it('shows its body to those who want it', async () => {
    const { transport } = await setUp({ visit: ({ socket }) => socket.write(answer('ok')) });
    expect(await ask(transport, { wantsBody: false })).toEqual(['sent', 'answered 200 ""']);
    expect(await ask(transport, { wantsBody: true })).toEqual(['sent', 'answered 200 "ok"']);
  });

  it('stays readable while the next request goes out on the same connection', async () => {
    const { server, transport } = await setUp(
      { visit: ({ socket, nth }) => socket.write(answer(`body ${nth}`, `Sticky-Backend: b${nth}`, `Set-Cookie: n=${nth}`)) },
      { watched: ['Sticky-Backend'] },
    );
    const seen: unknown[] = [];
    const next = job({});
    const first = job({}, (heard) => {
      transport.send(next.job);
      seen.push(heard.status, heard.header(0), heard.setCookies, heard.body());
    });
    transport.send(first.job);
    expect(await next.told).toEqual(['sent', 'answered 200 "body 1"']);
    expect(seen).toEqual([200, 'b0', ['n=0'], 'body 0']);
    expect(server.sources.length).toBe(1);
  });
});

describe('closing the transport', () => {
  it('interrupts jobs in flight and jobs not sent yet, each once, and jobs that come later', async () => {
    const { server, transport } = await setUp({ visit: () => {} }, { connections: 'per_user' });
    const flying = job({ lane: 1 });
    const waiting = job({ lane: 1 });
    transport.send(flying.job);
    transport.send(waiting.job);
    await until(() => server.visits.length === 1);
    const connecting = job({ lane: 2 });
    transport.send(connecting.job);
    transport.close();
    expect([flying.soFar, waiting.soFar, connecting.soFar]).toEqual([
      ['sent', 'lost interrupted'],
      ['refused interrupted'],
      ['refused interrupted'],
    ]);
    expect(await Promise.all([flying.told, waiting.told, connecting.told, ask(transport)])).toEqual([
      ['sent', 'lost interrupted'],
      ['refused interrupted'],
      ['refused interrupted'],
      ['refused interrupted'],
    ]);
    expect(transport.open).toBe(0);
    await until(() => server.open() === 0);
  });

  it('lets the process end', async () => {
    const { server } = await setUp({ visit: ({ socket }) => socket.write(answer('ok')) });
    const script = `
      import { createTransport } from '${new URL('../../dist/engine/transport/transport.js', import.meta.url)}';
      const transport = await createTransport(${JSON.stringify(optionsFor(server.url)).replace(/}$/, ',clock:()=>0}')});
      transport.send({ exit: '', lane: -1, method: 'GET', text: 'GET / HTTP/1.1\\r\\n\\r\\n', wantsBody: false, sent() {}, refused() {}, lost() {},
        answered(answer) { console.log(answer.status); transport.close(); } });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(out).toBe('200\n');
  });
});
