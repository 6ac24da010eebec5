// TLS: verified unless told otherwise, and failures named as without it.

import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { answer, ask, optionsFor, until } from './fixtures/ask.ts';
import { selfSigned } from './fixtures/certificate.ts';
import { type Behaviour, type Saboteur, saboteur } from './fixtures/saboteur.ts';
import type { TlsOptions, TransportOptions } from './options.ts';
import { createTransport } from './transport.ts';

const certificate = selfSigned('DNS:app.test,IP:127.0.0.1');
const trusted: TlsOptions = { ca: certificate.cert, insecure: false, servername: null };
const OK = ['sent', 'answered 200 "ok"'];

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const secure = (accept: (socket: Socket) => void): Server => {
  const server = createTlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, accept);
  server.on('tlsClientError', () => {});
  return server;
};

async function setUp(behaviour: Behaviour, tls: Partial<TlsOptions>, given: Partial<TransportOptions> = {}, make = secure) {
  const server: Saboteur = await saboteur(behaviour, '127.0.0.1', make);
  open.unshift(server);
  const transport = await createTransport(
    optionsFor(server.url.replace('http:', 'https:'), { tls: { ca: null, insecure: false, servername: null, ...tls }, ...given }),
  );
  open.unshift(transport);
  return { server, transport };
}

const polite: Behaviour = { visit: ({ socket }) => socket.write(answer('ok')) };

describe('a certificate', () => {
  it('that nobody vouches for is refused', async () => {
    const { server, transport } = await setUp(polite, {});
    expect(await ask(transport)).toEqual(['refused tls']);
    expect(server.visits).toEqual([]);
  });

  it('is trusted by its authority, and the connection is kept', async () => {
    const { server, transport } = await setUp(polite, trusted);
    expect([await ask(transport), await ask(transport)]).toEqual([OK, OK]);
    expect(server.sources.length).toBe(1);
  });

  it('is not looked at when told so', async () => {
    const { transport } = await setUp(polite, { insecure: true });
    expect(await ask(transport)).toEqual(OK);
  });

  it('for another name is refused, whoever vouches for it', async () => {
    const { transport } = await setUp(polite, { ...trusted, servername: 'other.test' });
    expect(await ask(transport)).toEqual(['refused tls']);
  });

  it('is asked for by the name given, and verified for it', async () => {
    const { server, transport } = await setUp(polite, { ...trusted, servername: 'app.test' });
    expect(await ask(transport)).toEqual(OK);
    const [visit] = server.visits;
    expect(visit?.socket instanceof TLSSocket && [visit.socket.servername, visit.socket.alpnProtocol]).toEqual(['app.test', 'http/1.1']);
  });
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a session of %s', (version) => {
  const one = (accept: (socket: Socket) => void): Server =>
    createTlsServer({ ...certificate, minVersion: version, maxVersion: version }, accept);
  /** Says of each connection whether it resumed a session, and closes it. */
  const brief = (resumed: boolean[]): Behaviour => ({
    visit({ socket }) {
      resumed.push(socket instanceof TLSSocket && socket.isSessionReused());
      socket.end(answer('ok', 'Connection: close'));
    },
  });

  it('is resumed by the next connection of its lane, and by no other', async () => {
    const resumed: boolean[] = [];
    const { transport } = await setUp(brief(resumed), trusted, {}, one);
    for (const lane of [1, 1, 2, 1, 2]) expect(await ask(transport, { lane })).toEqual(OK);
    for (const exit of ['a', 'a', 'b']) expect(await ask(transport, { exit })).toEqual(OK);
    expect(resumed).toEqual([false, true, false, true, true, false, true, false]);
  });

  it('is resumed behind a PROXY header', async () => {
    const behind = (accept: (socket: Socket) => void) =>
      createServer((raw) => {
        raw.once('readable', () => {
          while (raw.read(1)?.toString() !== '\n');
          accept(new TLSSocket(raw, { isServer: true, secureContext: context }));
        });
      });
    const context = createSecureContext({ ...certificate, minVersion: version, maxVersion: version });
    const resumed: boolean[] = [];
    const { transport } = await setUp(brief(resumed), trusted, { via: { via: 'proxy_protocol', version: 1 } }, behind);
    for (const exit of ['10.0.0.1', '10.0.0.1', '10.0.0.2']) expect(await ask(transport, { exit })).toEqual(OK);
    expect(resumed).toEqual([false, true, false]);
  });

  it('does not spare a server its certificate', async () => {
    for (const tls of [{ ...trusted, servername: 'other.test' }, { ca: null }]) {
      const { server, transport } = await setUp(brief([]), tls, {}, one);
      for (let time = 0; time < 3; time++) expect(await ask(transport, { lane: 1 })).toEqual(['refused tls']);
      expect(server.visits).toEqual([]);
    }
  });
});

describe('over TLS', () => {
  it('a connection is refused where nobody listens', async () => {
    const { server, transport } = await setUp(polite, trusted);
    await server.close();
    expect(await ask(transport)).toEqual(['refused connection-refused']);
  });

  it('a server that does not speak TLS is refused', async () => {
    const { transport } = await setUp({ connected: (socket) => socket.write('hello\r\n'), visit: () => {} }, trusted, {}, (accept) =>
      createServer(accept),
    );
    expect(await ask(transport)).toEqual(['refused tls']);
  });

  it('a server that ends the connection before TLS stands is refused', async () => {
    const { transport } = await setUp({ connected: (socket) => socket.end(), visit: () => {} }, trusted, {}, (accept) =>
      createServer(accept),
    );
    expect(await ask(transport)).toEqual(['refused tls']);
  });

  it('a server that never agrees runs into the connect timeout', async () => {
    const { transport } = await setUp({ visit: () => {} }, trusted, { connectTimeout: 200_000 }, (accept) => createServer(accept));
    expect(await ask(transport)).toEqual(['refused connect-timeout']);
  });

  it.each([
    ['closed', (socket: Socket) => socket.end()],
    ['cut', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le')],
    ['malformed', (socket: Socket) => socket.write('nonsense')],
    ['timeout', () => {}],
  ])('a request is lost: %s', async (reason, behave) => {
    const { transport } = await setUp({ visit: ({ socket }) => behave(socket) }, trusted, {
      timeout: reason === 'timeout' ? 200_000 : 20_000_000,
    });
    expect(await ask(transport)).toEqual(['sent', `lost ${reason}`]);
    expect(transport.open).toBe(0);
  });

  it('large answers and small ones of many connections do not mix', async () => {
    const { transport } = await setUp(
      { visit: ({ socket, text }) => socket.write(answer((text.split(' ')[1] ?? '').repeat(Number(text.split('/')[1]?.split(' ')[0])))) },
      trusted,
    );
    const sizes = Array.from({ length: 24 }, (_, place) => place * 997);
    const told = await Promise.all(sizes.map((size) => ask(transport, { path: `/${size}` })));
    expect(told).toEqual(sizes.map((size) => ['sent', `answered 200 ${JSON.stringify(`/${size}`.repeat(size))}`]));
  });

  it('an idle connection that the server ends is dropped without a word', async () => {
    const { server, transport } = await setUp(polite, trusted);
    await ask(transport);
    server.visits[0]?.socket.end();
    await until(() => transport.open === 0);
    expect(await ask(transport)).toEqual(OK);
  });

  it('a connection comes from its exit', async () => {
    const { server, transport } = await setUp(polite, trusted, { via: { via: 'bind' } });
    expect(await ask(transport, { exit: '127.8.0.1' })).toEqual(OK);
    expect(server.sources.map(({ address }) => address)).toEqual(['127.8.0.1']);
  });

  it('the PROXY header goes first, in clear text', async () => {
    let seen = '';
    // Takes the header off before it speaks TLS.
    const behind = (accept: (socket: Socket) => void) =>
      createServer((raw) => {
        raw.once('readable', () => {
          const line: Buffer | null = raw.read(1);
          let text = line?.toString('latin1') ?? '';
          while (!text.endsWith('\r\n')) text += raw.read(1)?.toString('latin1') ?? '';
          seen = text;
          accept(new TLSSocket(raw, { isServer: true, ...certificate }));
        });
      });
    const { server, transport } = await setUp(polite, trusted, { via: { via: 'proxy_protocol', version: 1 } }, behind);
    expect([await ask(transport, { exit: '10.9.8.7' }), await ask(transport, { exit: '10.9.8.7' })]).toEqual([OK, OK]);
    expect(seen.replace(/ \d+ \d+\r\n$/, '')).toBe('PROXY TCP4 10.9.8.7 127.0.0.1');
    expect(server.sources.length).toBe(1);
  });

  it('a PROXY header does not spare the server its certificate', async () => {
    const { transport } = await setUp(polite, {}, { via: { via: 'proxy_protocol', version: 1 } });
    expect(await ask(transport, { exit: '10.9.8.7' })).toEqual(['refused tls']);
  });
});
