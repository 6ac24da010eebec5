// The ceiling, of a server whose speed is known.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type CeilingOptions, ceilingOf, measureCeiling } from './ceiling.ts';
import { closed, get, loop, workload } from './fixtures/fake-world.ts';

const PACE_MS = 20;
let server: Server | null = null;
let agents = new Map<string, number>();
let asked = new Map<string, (string | null)[]>();

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  agents = new Map();
  asked = new Map();
});

/** Answers `/shop` paths with 200, `/turns` with 200 and 503 in turn, `/` with 200, anything else with 404. */
async function slowServer(): Promise<string> {
  let turn = 0;
  const made = createServer((request, response) => {
    const { url = '' } = request;
    asked.set(url, [...(asked.get(url) ?? []), request.headers.authorization ?? null]);
    turn += 1;
    response.statusCode = url === '/' || url.startsWith('/shop') ? 200 : url === '/turns' ? (turn % 2 === 0 ? 200 : 503) : 404;
    const agent = request.headers['user-agent'] ?? 'none';
    agents.set(agent, (agents.get(agent) ?? 0) + 1);
    setTimeout(() => response.end('ok'), PACE_MS);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}/`;
}

const options = (url: string): CeilingOptions => ({
  url,
  connections: 4,
  duration: 1_000_000,
  tls: { ca: null, insecure: false, servername: null },
});

describe('the ceiling', () => {
  it('is what the connections can do one request after the other, in whole milliseconds', async () => {
    const ceiling = await measureCeiling(options(await slowServer()));
    expect({ ...ceiling, requestsPerSecond: 0, p50: 0, p99: 0 }).toEqual({
      tool: 'autocannon',
      connections: 4,
      requestsPerSecond: 0,
      p50: 0,
      p99: 0,
    });
    // Timers are late, never early: four connections make at most 4 / 20 ms, and no answer is faster than 19 ms.
    expect(ceiling.requestsPerSecond).toBeLessThanOrEqual(4 / (PACE_MS / 1000));
    expect(ceiling.requestsPerSecond).toBeGreaterThan(0);
    expect(ceiling.p50).toBeGreaterThanOrEqual((PACE_MS - 1) * 1000);
    expect([ceiling.p50 % 1000, ceiling.p99 % 1000]).toEqual([0, 0]);
    expect(agents.get('stickybench-probe')).toBe(1);
  });

  it('counts good answers only', async () => {
    const url = await slowServer();
    const turns = await measureCeiling({ ...options(`${url}turns`), connections: 1 });
    const answers = asked.get('/turns')?.length ?? 0;
    // Half of what was asked for, at most one answer more, over a second at least.
    expect(turns.requestsPerSecond).toBeLessThanOrEqual(answers / 2 + 1);
    expect(turns.requestsPerSecond).toBeGreaterThan(0);
    await expect(measureCeiling(options(`${url}missing`))).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: expect.stringMatching(
        /^http:\S+\/missing gave no answer with a 2xx status to autocannon in [\d.]+ s \(\d+ with another status, 0 errors\)\.$/,
      ),
    });
  });

  it('of a workload is asked of its first page without variables, with the password of the URL', async () => {
    const url = await slowServer();
    const flow = [
      get('/shop/login', { method: 'POST' }),
      loop([get('/shop/x', { path: ['/shop/', { variable: 'item' }] }), get('/cart?a=1'), get('/never')]),
    ];
    const base = workload(flow, { phases: [closed(1, 1, 1_000_000)] });
    const ceiling = await ceilingOf(base, url.replace('//', '//joe:pw@').replace(/\/$/, '/shop'));
    expect(ceiling.connections).toBe(64);
    expect([...asked.keys()]).toEqual(['/shop/cart?a=1']);
    expect(new Set(asked.get('/shop/cart?a=1'))).toEqual(new Set(['Basic am9lOnB3']));
    const tls = { ...base, http: { ...base.http, ca: '/nowhere/ca.pem' } };
    await expect(ceilingOf(tls, url)).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringContaining('http.tls.ca names a file that cannot be read: ENOENT'),
    });
  }, 15_000);

  it('is not looked for when nobody is there', async () => {
    const url = await slowServer();
    server?.close();
    await expect(measureCeiling(options(url))).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' });
  });
});
