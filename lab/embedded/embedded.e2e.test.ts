import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../model/lab.ts';
import type { Strategy } from '../../model/strategy.ts';
import { SECOND } from '../../model/units.ts';
import type { LabPlan } from '../../model/workload.ts';
import { appConformance } from '../app.conformance.ts';
import { faultOn, planFor, visitor } from '../fixtures/visitor.ts';
import { startLab } from '../lab.ts';
import { createSupervisor } from '../processes/supervisor.ts';
import vectors from './routing/fixtures/ip_hash_vectors.json' with { type: 'json' };
import { startEmbedded } from './start.ts';

let lab: Lab | undefined;
afterEach(() => lab?.stop());

async function up(strategy: Strategy, changes: Partial<LabPlan> = {}): Promise<Lab> {
  lab = await startLab(planFor(strategy, changes), { lab: 'embedded', programs: {} });
  return lab;
}

const addressOf = (started: Lab, name: string) => started.backends.find((backend) => backend.name === name)?.address ?? '';

/** What comes back on a connection that begins with `header` and goes on with a request. */
function announced(url: string, header: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) }, () =>
      socket.write(`${header}GET /visit HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n`),
    );
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('error', () => undefined).once('close', () => resolve(text));
  });
}

describe.each(['round_robin', 'redis_session'] as const)('a backend of %s', (strategy) => {
  let own: Lab;
  beforeAll(async () => {
    own = await startLab(planFor(strategy), { lab: 'embedded', programs: {} });
  });
  afterAll(() => own.stop());
  appConformance(() => ({ url: `http://${addressOf(own, 'tomcat01')}`, name: 'tomcat01' }));
});

describe('the embedded lab', () => {
  it('says what it is and how its answers are read', async () => {
    const started = await up('jvm_route_redis');
    const { kind, reason, identify, versions, backends, logs } = started;
    expect({ kind, reason, identify, versions, logs: Object.keys(logs) }).toEqual({
      kind: 'embedded',
      reason: 'asked for by --lab embedded',
      identify: {
        backend: { from: 'header', header: 'Sticky-Backend' },
        path: 'X-Upstream',
        names: { [backends[0]?.address ?? '']: 'tomcat01', [backends[1]?.address ?? '']: 'tomcat02' },
      },
      versions: { node: process.version },
      logs: ['store', 'tomcat01', 'tomcat02', 'balancer', 'access'],
    });
  });

  it('refuses a port that somebody holds, and leaves nothing behind', async () => {
    const first = await up('round_robin');
    const port = Number(new URL(first.url).port);
    await expect(startLab(planFor('round_robin', { port }), { lab: 'embedded', programs: {} })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `port ${port} of 127.0.0.1 is taken`,
    });
  });

  it('listens where it is told to', async () => {
    const port = Number(new URL((await up('round_robin')).url).port);
    await lab?.stop();
    expect((await up('round_robin', { port })).url).toBe(`http://127.0.0.1:${port}`);
  });

  it('writes one line of access log for each request', async () => {
    const started = await up('jvm_route');
    const user = visitor(started.url, '127.7.0.1');
    const first = await user.ask('POST', '/visit');
    await user.ask('GET', '/visit');
    const id = user.session();
    const lines = () => readFileSync(started.logs['access'] ?? '', 'utf8').split('\n');
    // As with nginx, the line follows the answer.
    await expect
      .poll(() => lines().map((line) => line.replace(/^\d+\.\d{3} /, '')), { timeout: 10_000 })
      .toEqual([
        `127.7.0.1 "POST /visit HTTP/1.1" 200 up="${first.path}" ust="200" ck="-" setck="${id}"`,
        `127.7.0.1 "GET /visit HTTP/1.1" 200 up="${first.path}" ust="200" ck="${id}" setck="-"`,
        '',
      ]);
  });
});

describe('ip_hash', () => {
  it('routes real source addresses as nginx does', async () => {
    const started = await up('ip_hash', { backends: ['t0', 't1', 't2', 't3'].map((name) => ({ name, weight: 1, down: false })) });
    const loopback = await Promise.all(
      ['127.0.0.1', '127.0.1.1', '127.1.0.1', '127.255.3.9'].map((from) => visitor(started.url, from).ask('GET', '/visit')),
    );
    // K = (227a + 113b + c) mod 6271, home = ((295 + K) mod 6271) mod 4.
    const homes = [
      [127, 0, 0],
      [127, 0, 1],
      [127, 1, 0],
      [127, 255, 3],
    ].map(([a = 0, b = 0, c = 0]) => `t${((295 + 227 * a + 113 * b + c) % 6271) % 4}`);
    expect(loopback.map((seen) => seen.backend)).toEqual(homes);
  });

  it('routes the addresses in X-Forwarded-For as the vectors say', async () => {
    const started = await up('ip_hash', { backends: ['t0', 't1', 't2'].map((name) => ({ name, weight: 1, down: false })) });
    const addresses = vectors.vectors.filter(({ addr }) => addr !== 'unix:');
    const seen = await Promise.all(
      addresses.map(({ addr }) => fetch(`${started.url}/status/200`, { headers: { 'X-Forwarded-For': addr } })),
    );
    expect(seen.map((answer) => answer.headers.get('sticky-backend'))).toEqual(addresses.map(({ n3 }) => `t${n3.home}`));
  });

  it('routes the addresses that PROXY protocol headers announce', async () => {
    const started = await up('ip_hash');
    const heads = await Promise.all(
      ['192.0.2.1', '192.0.3.1'].map((address) => announced(started.proxyProtocolUrl, `PROXY TCP4 ${address} 127.0.0.1 4660 80\r\n`)),
    );
    // Homes of 192.0.2.1 and 192.0.3.1 with two servers: 1 and 0.
    expect(heads.map((head) => /Sticky-Backend: (\S+)/.exec(head)?.[1])).toEqual(['tomcat02', 'tomcat01']);
    const log = () => readFileSync(started.logs['access'] ?? '', 'utf8');
    await expect.poll(log, { timeout: 10_000 }).toContain(' 192.0.2.1 "GET /visit HTTP/1.1" 200');
    expect(await announced(started.proxyProtocolUrl, '')).toBe('');
  });

  it('loses the session of a user whose home dies, and again when it is back', async () => {
    const started = await up('ip_hash', { failTimeout: 1 * SECOND });
    const user = visitor(started.url);
    const home = (await user.ask('POST', '/visit')).backend ?? '';
    await started.injector.inflict(faultOn(home, 'kill'));
    const moved = await user.ask('POST', '/visit');
    expect(moved).toMatchObject({
      status: 200,
      created: '1',
      path: started.backends
        .map((one) => one.address)
        .sort((a) => (a === addressOf(started, home) ? -1 : 1))
        .join(', '),
    });
    await started.injector.relieve(faultOn(home, 'kill'));
    await expect.poll(() => user.ask('POST', '/visit'), { timeout: 20_000 }).toMatchObject({ backend: home, created: '1', counter: '1' });
  });
});

describe('jvm_route', () => {
  it('keeps a user on his backend, keeps him on the other one after a failover, and loses one session', async () => {
    const started = await up('jvm_route', { failTimeout: 1 * SECOND });
    const user = visitor(started.url);
    const home = (await user.ask('POST', '/visit')).backend ?? '';
    expect(await user.ask('POST', '/visit')).toMatchObject({ backend: home, counter: '2' });
    await started.injector.inflict(faultOn(home, 'kill'));
    const { backend: refuge } = await user.ask('POST', '/visit');
    expect(refuge).not.toBe(home);
    await started.injector.relieve(faultOn(home, 'kill'));
    expect(await user.ask('POST', '/visit')).toMatchObject({ backend: refuge, counter: '2', created: '0' });
  });

  it('can be done as the module does it', async () => {
    const supervisor = await createSupervisor();
    const { url } = await startEmbedded(planFor('jvm_route'), supervisor, 'module');
    const user = visitor(url);
    const { backend } = await user.ask('POST', '/visit');
    const seen = [await user.ask('POST', '/visit'), await user.ask('POST', '/visit')];
    await supervisor.stopAll();
    expect(seen).toMatchObject([
      { backend, counter: '2' },
      { backend, counter: '3' },
    ]);
  });
});

describe('redis_session', () => {
  it('finds every session on every backend, also when the one that made it is dead', async () => {
    const started = await up('redis_session');
    const user = visitor(started.url);
    const seen = [await user.ask('POST', '/visit'), await user.ask('POST', '/visit'), await user.ask('POST', '/visit')];
    expect(seen.map((one) => [one.backend, one.counter, one.created])).toEqual([
      ['tomcat01', '1', '1'],
      ['tomcat02', '2', '0'],
      ['tomcat01', '3', '0'],
    ]);
    await started.injector.inflict(faultOn('tomcat01', 'kill'));
    expect(await user.ask('POST', '/visit')).toMatchObject({ backend: 'tomcat02', counter: '4', created: '0' });
    expect(user.session()).toMatch(/\.tomcat01$/);
  });

  it('answers 500 while the store is down, and starts with no sessions when it is back', async () => {
    const started = await up('redis_session');
    const user = visitor(started.url);
    await user.ask('POST', '/visit');
    await started.injector.inflict(faultOn('store', 'kill'));
    expect(await user.ask('POST', '/visit')).toMatchObject({ status: 500, backend: 'tomcat02', created: '0', counter: null });
    await started.injector.relieve(faultOn('store', 'kill'));
    expect(await user.ask('POST', '/visit')).toMatchObject({ status: 200, created: '1', counter: '1' });
  });

  it('answers 500 while the store is paused, and has all sessions when it goes on', async () => {
    const started = await up('redis_session');
    const user = visitor(started.url);
    await user.ask('POST', '/visit');
    await started.injector.inflict(faultOn('store', 'pause'));
    expect(await user.ask('GET', '/visit')).toMatchObject({ status: 500 });
    await started.injector.relieve(faultOn('store', 'pause'));
    expect(await user.ask('GET', '/visit')).toMatchObject({ status: 200, created: '0', counter: '1' });
  });
});

describe('jvm_route_redis', () => {
  it('loses no session in a failover, but the affinity until the home is back', async () => {
    const started = await up('jvm_route_redis', { failTimeout: 1 * SECOND });
    const user = visitor(started.url);
    const home = (await user.ask('POST', '/visit')).backend ?? '';
    await started.injector.inflict(faultOn(home, 'kill'));
    const away = await user.ask('POST', '/visit');
    expect([away.backend === home, away.counter, away.created]).toEqual([false, '2', '0']);
    await started.injector.relieve(faultOn(home, 'kill'));
    await expect.poll(() => user.ask('GET', '/visit'), { timeout: 20_000 }).toMatchObject({ backend: home, counter: '2', created: '0' });
  });
});

describe('sessions', () => {
  it('expire after the idle timeout of the plan', async () => {
    const started = await up('jvm_route', { sessionTimeout: 1 * SECOND });
    const user = visitor(started.url);
    await user.ask('POST', '/visit');
    const { ask } = visitor(started.url);
    await ask('GET', '/slow?ms=1100');
    expect(await user.ask('GET', '/visit')).toMatchObject({ created: '1', counter: '0' });
  });
});
