import { createServer, type RequestListener, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { roundRobin } from '../routing/round-robin.ts';
import type { Server } from '../routing/server.ts';
import { proxy } from './proxy.ts';

const open: TcpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: TcpServer): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const says = (text: string) => listen(createServer((_, response) => response.end(text)));
/** Takes a request and ends the connection without a word. */
const hangsUp = () => listen(createTcpServer((socket) => socket.on('error', () => undefined).once('data', () => socket.destroy())));
const garbles = () =>
  listen(createTcpServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end('garbage\r\n\r\n'))));
const keepsSilent = () => listen(createTcpServer((socket) => socket.on('error', () => undefined).resume()));

/** An address where nobody listens. */
async function nobody(): Promise<string> {
  const server = createTcpServer();
  const address = await listen(server);
  open.pop();
  await new Promise((resolve) => server.close(resolve));
  return address;
}

interface Balancer {
  readonly url: string;
  readonly lines: string[];
}

async function balancer(...addresses: readonly string[]): Promise<Balancer> {
  const servers = addresses.map<Server>((address) => ({ name: address, address, weight: 1, maxFails: 1, failTimeout: 10, down: false }));
  const lines: string[] = [];
  const listener: RequestListener = proxy({
    router: roundRobin('backends', servers),
    timeouts: { connect: 500, read: 300 },
    log: (line) => lines.push(line.replace(/^\S+ /, '').trimEnd()),
  });
  return { url: `http://${await listen(createServer(listener))}`, lines };
}

interface Got {
  readonly status: number;
  readonly path: string;
  readonly body: string;
}

function ask(url: string, method = 'GET', headers: Record<string, string> = {}, body = ''): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, path: response.headers['x-upstream']?.toString() ?? '', body: text }),
      );
    });
    sent.once('error', reject).end(body);
  });
}

describe('the balancer', () => {
  it('hands on the answer and names the backend that gave it', async () => {
    const a = await says('a');
    const { url } = await balancer(a);
    expect(await ask(url)).toEqual({ status: 200, path: a, body: 'a' });
  });

  it.each(['GET', 'POST'])('tries another backend when a connection is refused: %s', async (method) => {
    const [dead, b] = [await nobody(), await says('b')];
    const { url, lines } = await balancer(dead, b);
    expect(await ask(url, method)).toEqual({ status: 200, path: `${dead}, ${b}`, body: 'b' });
    await expect.poll(() => lines).toEqual([`127.0.0.1 "${method} / HTTP/1.1" 200 up="${dead}, ${b}" ust="502, 200" ck="-" setck="-"`]);
  });

  it('repeats a GET that was sent and not answered, but not a POST', async () => {
    const [mute, b] = [await hangsUp(), await says('b')];
    expect(await ask((await balancer(mute, b)).url, 'GET')).toMatchObject({ status: 200, path: `${mute}, ${b}` });
    expect(await ask((await balancer(mute, b)).url, 'POST')).toMatchObject({ status: 502, path: mute });
  });

  it('does not repeat a request that was answered with something that is no HTTP', async () => {
    const [strange, b] = [await garbles(), await says('b')];
    expect(await ask((await balancer(strange, b)).url)).toMatchObject({ status: 502, path: strange });
  });

  it('gives 504 when no backend answers in time, and takes each for failed', async () => {
    const [slow, slower] = [await keepsSilent(), await keepsSilent()];
    const { url, lines } = await balancer(slow, slower);
    expect(await ask(url)).toMatchObject({ status: 504, path: `${slow}, ${slower}` });
    expect(await ask(url)).toMatchObject({ status: 502, path: 'backends' });
    expect(lines).toEqual([
      `127.0.0.1 "GET / HTTP/1.1" 504 up="${slow}, ${slower}" ust="504, 504" ck="-" setck="-"`,
      '127.0.0.1 "GET / HTTP/1.1" 502 up="backends" ust="502" ck="-" setck="-"',
    ]);
  });

  it('shows after the backends the name of the group when none is left', async () => {
    const [dead, mute] = [await nobody(), await hangsUp()];
    const { url } = await balancer(dead, mute);
    expect((await ask(url)).path).toBe(`${dead}, ${mute}`);
    expect(await ask(url)).toMatchObject({ status: 502, path: 'backends' });
  });

  it('passes on a backend’s own 503 without a second try', async () => {
    const busy = await listen(createServer((_, response) => response.writeHead(503).end('busy')));
    const { url } = await balancer(busy, await says('b'));
    expect(await ask(url)).toEqual({ status: 503, path: busy, body: 'busy' });
  });

  it('notes a client that left before he was answered with 499, and does not blame the backend', async () => {
    const asked = deferred();
    const quiet = await listen(
      createServer((incoming, response) => {
        if (incoming.url === '/quiet') asked.resolve();
        else response.end('still here');
      }),
    );
    const other = await says('other');
    const { url, lines } = await balancer(quiet, other);
    const leaving = request(`${url}/quiet`, { agent: false }).on('error', () => undefined);
    leaving.end();
    await asked.promise;
    leaving.destroy();
    await expect
      .poll(() => lines, { timeout: 10_000 })
      .toEqual([`127.0.0.1 "GET /quiet HTTP/1.1" 499 up="${quiet}" ust="-" ck="-" setck="-"`]);
    expect([(await ask(url)).path, (await ask(url)).path]).toEqual([other, quiet]);
  });

  it('tells the backend who the client is, and takes that from X-Forwarded-For', async () => {
    const mirror = await listen(createServer((incoming, response) => response.end(JSON.stringify(incoming.headers))));
    const { url, lines } = await balancer(mirror);
    const { body } = await ask(url, 'POST', { 'X-Forwarded-For': '192.0.2.1, 198.51.100.7', Host: 'shop.example' }, 'text');
    expect(JSON.parse(body)).toEqual({
      host: 'shop.example',
      'x-real-ip': '198.51.100.7',
      'x-forwarded-for': '192.0.2.1, 198.51.100.7, 198.51.100.7',
      'x-forwarded-proto': 'http',
      connection: 'close',
      'content-length': '4',
    });
    await expect.poll(() => lines).toEqual([`198.51.100.7 "POST / HTTP/1.1" 200 up="${mirror}" ust="200" ck="-" setck="-"`]);
  });

  it('sends the body again to the second backend', async () => {
    const echo = await listen(createServer((incoming, response) => incoming.pipe(response)));
    const { url } = await balancer(await nobody(), echo);
    expect((await ask(url, 'PUT', {}, 'the body')).body).toBe('the body');
  });

  it('cuts the connection to the client when the backend dies in the middle of an answer', async () => {
    const half = await listen(
      createServer((_, response) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('half', () => response.destroy());
      }),
    );
    const { url } = await balancer(half, await says('b'));
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow('terminated');
  });
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
