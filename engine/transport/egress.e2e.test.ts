// Source addresses as the server sees them, and PROXY headers as they come in.

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WHOLE } from '../../model/shard.ts';
import type { Connections } from '../../model/workload.ts';
import { dialer } from './dial.ts';
import { answer, ask, job, optionsFor, RECEIVE, readers, until } from './fixtures/ask.ts';
import { type Saboteur, saboteur } from './fixtures/saboteur.ts';
import { Pool } from './pool.ts';
import { type Ports, portAllocator, portsOutside } from './ports.ts';
import { parseTarget } from './target.ts';
import { createTransport } from './transport.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function polite(host = '127.0.0.1'): Promise<Saboteur> {
  const server = await saboteur({ visit: ({ socket }) => socket.write(answer('ok')) }, host);
  open.unshift(server);
  return server;
}

async function transportTo(...[url, given]: Parameters<typeof optionsFor>) {
  const transport = await createTransport(optionsFor(url, given));
  open.unshift(transport);
  return transport;
}

/** A pool that takes its ports from those, and notes which are given back. */
function poolWith(server: Saboteur, ports: Ports, given: number[] = [], connections: Connections = 'per_exit'): Pool {
  const options = optionsFor(server.url, { via: { via: 'bind' }, connections });
  const give = (source: string, port: number) => {
    ports.give(source, port);
    given.push(port);
  };
  const addresses = { first: '127.0.0.1', four: '127.0.0.1', six: null };
  const pool = new Pool(options, readers(), dialer(parseTarget(server.url), addresses, options, { ...ports, give }, RECEIVE), () => {});
  open.unshift(pool);
  return pool;
}

function only(...allowed: readonly number[]): Ports {
  return portAllocator(
    allowed.map((port) => [port, port]),
    WHOLE,
    0,
  );
}

async function vacantPort(address: string): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, address, resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const OK = ['sent', 'answered 200 "ok"'];

describe('via bind', () => {
  it('a connection comes from its exit, from a port outside the ephemeral range', async () => {
    const server = await polite();
    const transport = await transportTo(server.url, { via: { via: 'bind' } });
    const exits = ['127.1.2.3', '127.77.0.1', '127.255.255.1'];
    for (const exit of exits) expect(await ask(transport, { exit })).toEqual(OK);
    expect(server.sources.map(({ address }) => address)).toEqual(exits);
    const [low = 0, high = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    expect(server.sources.filter(({ port }) => port >= low && port <= high)).toEqual([]);
  });

  it('a connection comes from an IPv6 exit to an IPv6 target', async () => {
    const server = await polite('::1');
    const transport = await transportTo(server.url, { via: { via: 'bind' } });
    expect(await ask(transport, { exit: '::1' })).toEqual(OK);
    expect(server.sources.map(({ address }) => address)).toEqual(['::1']);
  });

  it('a connection comes from its exit when the system chooses the port', async () => {
    const server = await polite();
    const pool = poolWith(server, portsOutside([1024, 65535], WHOLE, 0));
    const asked = [1, 2].map((lane) => job({ exit: '127.6.0.3', lane }));
    for (const each of asked) pool.send(each.job);
    expect(await Promise.all(asked.map(({ told }) => told))).toEqual([OK, OK]);
    expect(server.sources.map(({ address }) => address)).toEqual(['127.6.0.3', '127.6.0.3']);
  });

  it('many connections from one exit each have their port', async () => {
    const server = await polite();
    const transport = await transportTo(server.url, { via: { via: 'bind' }, connections: 'per_user' });
    const told = await Promise.all(Array.from({ length: 300 }, (_, lane) => ask(transport, { exit: '127.3.0.1', lane })));
    expect(told.filter((words) => words[1] !== OK[1])).toEqual([]);
    expect(new Set(server.sources.map(({ port }) => port)).size).toBe(300);
  });

  it('a port on which somebody listens makes way for the next, and without ports a request is refused', async () => {
    const server = await polite();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.6.0.1', resolve));
    open.unshift(squatter);
    const { port: taken } = squatter.address() as AddressInfo;
    const free = taken === 65535 ? taken - 1 : taken + 1;
    const pool = poolWith(server, only(taken, free));
    const asked = [1, 2].map((lane) => job({ exit: '127.6.0.1', lane }));
    const outcomes = [];
    for (const each of asked) {
      pool.send(each.job);
      outcomes.push(await each.told);
    }
    expect(outcomes).toEqual([OK, ['refused no-port']]);
    expect(server.sources).toEqual([{ address: '127.6.0.1', port: free }]);
  });
});

describe('a source port', () => {
  it('can be used again when its connection has gone', async () => {
    const server = await saboteur({ visit: ({ socket }) => socket.end(answer('ok', 'Connection: close')) });
    open.unshift(server);
    const free = await vacantPort('127.6.0.2');
    const given: number[] = [];
    const pool = poolWith(server, only(free), given);
    for (let request = 0; request < 3; request++) {
      const asked = job({ exit: '127.6.0.2' });
      pool.send(asked.job);
      expect(await asked.told).toEqual(OK);
      await until(() => given.length > request);
    }
    expect(server.sources).toEqual([1, 2, 3].map(() => ({ address: '127.6.0.2', port: free })));
  });
});

const TIMESTAMPS = '/proc/sys/net/ipv4/tcp_timestamps';
const timestamps = process.platform === 'linux' && readFileSync(TIMESTAMPS, 'utf8').trim() !== '0';

/** Four ports for a hundred connections, so each is used again long before its TIME_WAIT is over. */
describe.runIf(timestamps)('four source ports carry a hundred connections one after the other', () => {
  const HUNDRED = 100;
  const PORTS = [23811, 23812, 23813, 23814];

  async function usedPorts(source: string, server: Saboteur, close: (pool: Pool, lane: number) => void): Promise<Set<number>> {
    const given: number[] = [];
    const pool = poolWith(server, only(...PORTS), given, 'per_user');
    for (let lane = 0; lane < HUNDRED; lane++) {
      const asked = job({ exit: source, lane });
      pool.send(asked.job);
      expect(await asked.told).toEqual(OK);
      close(pool, lane);
      await until(() => given.length > lane);
    }
    return new Set(server.sources.map(({ port }) => port));
  }

  it('when the server closes first', async () => {
    const server = await saboteur({ visit: ({ socket }) => socket.end(answer('ok', 'Connection: close')) });
    open.unshift(server);
    const used = await usedPorts('127.6.0.4', server, () => {});
    expect({ used, connections: server.sources.length }).toEqual({ used: new Set(PORTS), connections: HUNDRED });
  });

  it('when we close first', async () => {
    const server = await polite();
    const used = await usedPorts('127.6.0.5', server, (pool, lane) => pool.release(lane));
    expect({ used, connections: server.sources.length }).toEqual({ used: new Set(PORTS), connections: HUNDRED });
  });
});

describe('via header', () => {
  it('connections come from wherever the system says, one pool per exit', async () => {
    const server = await polite();
    const transport = await transportTo(server.url);
    for (const exit of ['10.1.2.3', '10.1.3.3', '10.1.2.3']) expect(await ask(transport, { exit })).toEqual(OK);
    expect(server.sources.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1']);
  });
});

describe('via proxy_protocol', () => {
  it.each([
    ['127.0.0.1', '10.1.2.3', 'TCP4'],
    ['::1', '2001:db8::9', 'TCP6'],
  ])('version 1 stands at the start of each connection to %s, once', async (host, exit, family) => {
    const server = await polite(host);
    const transport = await transportTo(server.url, { via: { via: 'proxy_protocol', version: 1 } });
    expect(await ask(transport, { exit })).toEqual(OK);
    expect(await ask(transport, { exit })).toEqual(OK);
    const request = 'GET / HTTP/1.1\r\nHost: test\r\n\r\n';
    expect(server.visits.map(({ text }) => text)).toEqual([
      `PROXY ${family} ${exit} ${host} ${server.sources[0]?.port} ${server.port}\r\n${request}`,
      request,
    ]);
  });

  it('version 2 is binary', async () => {
    const server = await polite();
    const transport = await transportTo(server.url, { via: { via: 'proxy_protocol', version: 2 } });
    expect(await ask(transport, { exit: '10.1.2.200' })).toEqual(OK);
    const port = (number = 0) => number.toString(16).padStart(4, '0');
    const [visit] = server.visits;
    expect(
      Buffer.from(visit?.text ?? '', 'latin1')
        .subarray(0, 28)
        .toString('hex'),
    ).toBe(`0d0a0d0a000d0a515549540a2111000c0a0102c87f000001${port(server.sources[0]?.port)}${port(server.port)}`);
    expect(visit?.text.slice(28)).toBe('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  });
});
