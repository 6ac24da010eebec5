import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LabPlan } from '../../model/workload.ts';
import { describeReal } from '../../test/setup/real-lab.ts';
import { createSupervisor, type Supervisor } from '../processes/supervisor.ts';
import { programsHere } from './fixtures/programs.ts';
import { startNginx } from './nginx/balancer.ts';
import { startReal } from './start.ts';

const SECOND = 1_000_000;

const plan = (strategy: LabPlan['strategy'], port = 0): LabPlan => ({
  kind: 'lab',
  strategy,
  backends: ['tomcat01', 'tomcat02'].map((name) => ({ name, weight: 1, down: false })),
  port,
  maxFails: 1,
  failTimeout: 10 * SECOND,
  sessionTimeout: 60 * SECOND,
});

let supervisor: Supervisor;
beforeEach(async () => {
  supervisor = await createSupervisor();
});
afterEach(() => supervisor.stopAll());

async function visits(url: string, count: number, cookie: string): Promise<readonly string[]> {
  const said: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const answer = await fetch(`${url}/visit`, { method: 'POST', headers: { Cookie: cookie } });
    await answer.arrayBuffer();
    const header = (name: string) => answer.headers.get(name);
    said.push(`${answer.status} ${header('Sticky-Backend')} ${header('Sticky-Counter')} ${header('Sticky-New')}`);
  }
  return said;
}

/** Sends bytes on a connection of its own and resolves with all that comes back. */
function raw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let back = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      back += chunk;
    });
    socket.once('error', reject).once('close', () => resolve(back));
  });
}

describeReal('the real lab', () => {
  it('tells what it is made of', async () => {
    const lab = await startReal(plan('jvm_route_redis'), programsHere(), supervisor);
    const { nginx, tomcat, java, redis } = programsHere();
    expect({ ...lab, logs: Object.keys(lab.logs) }).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      proxyProtocolUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      backends: ['tomcat01', 'tomcat02'].map((name) => ({ name, address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) })),
      versions: { nginx: nginx.version, tomcat: tomcat.version, java: java.version, redis: redis?.version },
      logs: ['access'],
    });
    expect([...supervisor.children.keys()].sort()).toEqual(['balancer', 'store', 'tomcat01', 'tomcat02']);
  });

  it('with jvm_route and Redis keeps a session whose home was killed, sends it about, and home again', async () => {
    const { url } = await startReal({ ...plan('jvm_route_redis'), failTimeout: SECOND }, programsHere(), supervisor);
    const first = await fetch(`${url}/visit`, { method: 'POST' });
    const cookie = `JSESSIONID=${first.headers.get('Sticky-Session')}`;
    const home = first.headers.get('Sticky-Backend') ?? '';
    const other = home === 'tomcat01' ? 'tomcat02' : 'tomcat01';
    expect(await visits(url, 2, cookie)).toEqual([`200 ${home} 2 0`, `200 ${home} 3 0`]);
    const node = supervisor.children.get(home)!;
    node.signal('SIGKILL');
    await node.exited;
    expect(await visits(url, 2, cookie)).toEqual([`200 ${other} 4 0`, `200 ${other} 5 0`]);
    await supervisor.start(node.spec);
    for (let counter = 6; ; counter += 1) {
      const [said] = await visits(url, 1, cookie);
      if (said === `200 ${home} ${counter} 0`) break;
      expect(said).toBe(`200 ${other} ${counter} 0`);
    }
  });

  it('takes the client from a PROXY protocol header on its second port, and logs so that it can be read', async () => {
    const lab = await startReal(plan('ip_hash'), programsHere(), supervisor);
    const request = 'GET /visit?up=1 HTTP/1.1\r\nHost: x\r\nCookie: JSESSIONID=a"b\\c.tomcat01\r\nConnection: close\r\n\r\n';
    const answer = await raw(lab.proxyProtocolUrl, `PROXY TCP4 203.0.113.9 127.0.0.1 4711 80\r\n${request}`);
    const at = /X-Upstream: (\S+)/.exec(answer)?.[1];
    const id = /Sticky-Session: (\S+)/.exec(answer)?.[1];
    expect(lab.backends.find(({ address }) => address === at)?.name).toBe('tomcat01');
    expect(readFileSync(lab.logs['access']!, 'utf8').replace(/^\d+\.\d{3} /, '')).toBe(
      `203.0.113.9 "GET /visit?up=1 HTTP/1.1" 200 up="${at}" ust="200" ck="a\\x22b\\x5Cc.tomcat01" setck="${id}"\n`,
    );
  });

  it('does not start on a port that is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as AddressInfo;
    await expect(startReal(plan('round_robin', port), programsHere(), supervisor)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `port ${port} of 127.0.0.1 is taken`,
    });
    squatter.close();
  });
});

describe('an nginx that does not take its configuration', () => {
  it('is quoted', async () => {
    const path = join(supervisor.folder, 'nginx-that-refuses');
    writeFileSync(path, '#!/bin/sh\necho \'nginx: [emerg] unknown directive "zone" in nginx.conf:31\' >&2\nexit 1\n');
    chmodSync(path, 0o755);
    const backends = [{ name: 'a', weight: 1, down: false, address: '127.0.0.1:1' }];
    await expect(startNginx(supervisor, path, 0, { plan: plan('ip_hash'), backends, jvmRoute: false })).rejects.toMatchObject({
      code: 'LAB_NOT_READY',
      message: `${path} does not take the configuration written for it:\nnginx: [emerg] unknown directive "zone" in nginx.conf:31`,
    });
  });
});
