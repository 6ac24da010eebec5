// The ceiling, of a server whose speed is known.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type CeilingOptions, measureCeiling } from './ceiling.ts';

const PACE_MS = 20;
let server: Server | null = null;
let agents = new Map<string, number>();

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  agents = new Map();
});

async function slowServer(): Promise<string> {
  const made = createServer((request, response) => {
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

  it('is not looked for when nobody is there', async () => {
    const url = await slowServer();
    server?.close();
    await expect(measureCeiling(options(url))).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' });
  });
});
