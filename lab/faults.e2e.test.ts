import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault, FaultAction } from '../model/fault.ts';
import type { Lab } from '../model/lab.ts';
import { createOwnInjector } from './faults.ts';
import { faultOn, planFor, visitor } from './fixtures/visitor.ts';
import { startLab } from './lab.ts';
import { inspect } from './processes/proc.ts';

describe('faults of a lab', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab(planFor('jvm_route'), { lab: 'embedded', programs: {} });
  });
  afterEach(() => lab.stop());

  const pidIn = (line: string) => Number(/pid (\d+)/.exec(line)?.[1]);

  it('kill: the process is gone when it is said to be, and back when it is relieved', async () => {
    const killed = await lab.injector.inflict(faultOn('tomcat01', 'kill'));
    expect(killed).toMatch(/^SIGKILL pid \d+$/);
    expect(inspect(pidIn(killed))).toBe(null);
    const started = await lab.injector.relieve(faultOn('tomcat01', 'kill'));
    expect(started).toMatch(/^started pid \d+$/);
    expect(await visitor(`http://${lab.backends[0]?.address}`).ask('GET', '/visit')).toMatchObject({ status: 200, backend: 'tomcat01' });
    expect(lab.died()).toBe(null);
  });

  it('stop: requests in flight are still answered', async () => {
    const user = visitor(`http://${lab.backends[0]?.address}`);
    await user.ask('GET', '/visit');
    const slow = user.ask('GET', '/slow?ms=700');
    // A second request on its way shows that the first has arrived.
    await user.ask('GET', '/slow?ms=50');
    expect(await lab.injector.inflict(faultOn('tomcat01', 'stop'))).toMatch(/^SIGTERM pid \d+$/);
    expect(await slow).toMatchObject({ status: 200, backend: 'tomcat01' });
    await expect(user.ask('GET', '/visit')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await lab.injector.relieve(faultOn('tomcat01', 'stop'))).toMatch(/^started pid \d+$/);
  });

  it('pause: the process stands still and goes on with its memory', async () => {
    const user = visitor(`http://${lab.backends[0]?.address}`);
    await user.ask('POST', '/visit');
    const paused = await lab.injector.inflict(faultOn('tomcat01', 'pause'));
    await expect.poll(() => inspect(pidIn(paused))?.state, { timeout: 10_000 }).toBe('T');
    expect(await lab.injector.relieve(faultOn('tomcat01', 'pause'))).toBe(paused.replace('SIGSTOP', 'SIGCONT'));
    expect(await user.ask('GET', '/visit')).toMatchObject({ counter: '1', created: '0' });
  });

  it('restart: another process, without the sessions', async () => {
    const user = visitor(`http://${lab.backends[0]?.address}`);
    await user.ask('POST', '/visit');
    expect(await lab.injector.inflict(faultOn('tomcat01', 'restart'))).toMatch(/^SIGTERM pid \d+, started pid \d+$/);
    expect(await user.ask('GET', '/visit')).toMatchObject({ created: '1', counter: '0' });
    expect(await lab.injector.relieve(faultOn('tomcat01', 'restart'))).toBe('nothing to undo');
  });

  it('hurt the balancer too, which comes back on its port', async () => {
    await lab.injector.inflict(faultOn('balancer', 'kill'));
    await expect(visitor(lab.url).ask('GET', '/visit')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await lab.injector.relieve(faultOn('balancer', 'kill'));
    expect(await visitor(lab.url).ask('GET', '/visit')).toMatchObject({ status: 200 });
  });

  it('are refused for a process that there is not, or that is down', async () => {
    await expect(lab.injector.inflict(faultOn('tomcat9', 'kill'))).rejects.toMatchObject({
      code: 'FAULT_IMPOSSIBLE',
      message: 'kill tomcat9: no such process in this lab. There are: tomcat01, tomcat02, balancer',
    });
    await lab.injector.inflict(faultOn('tomcat01', 'kill'));
    await expect(lab.injector.inflict(faultOn('tomcat01', 'pause'))).rejects.toMatchObject({
      code: 'FAULT_IMPOSSIBLE',
      message: 'pause tomcat01: it is down already, by an earlier fault',
    });
  });

  it('are told from a death that nobody planned', async () => {
    const killed = await lab.injector.inflict(faultOn('tomcat01', 'restart'));
    const pid = Number(/started pid (\d+)/.exec(killed)?.[1]);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => lab.died()?.code, { timeout: 10_000 }).toBe('LAB_DIED');
    expect(lab.died()?.message).toBe(`tomcat01, pid ${pid}, died though nobody had hurt it. Its log ends:\n(empty)`);
  });
});

describe('faults of the user’s own deployment', () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/never') return;
    response.writeHead(request.url === '/refused' ? 403 : 204).end();
  }).listen(0, '127.0.0.1');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

  const injector = createOwnInjector(500);
  const fault = (action: FaultAction): Fault => ({ at: 0, duration: null, action });
  const exec = (run: string, undo: string | null = null) => fault({ kind: 'exec', target: 'node1', run, undo });
  const http = (path: string, undo: string | null = null) =>
    fault({
      kind: 'http',
      target: 'node1',
      request: { method: 'POST', url: url(path) },
      undo: undo === null ? null : { method: 'DELETE', url: url(undo) },
    });

  it('exec runs the command, and its counterpart to heal', async () => {
    const both = exec('test 1 = 1', 'true');
    expect([await injector.inflict(both), await injector.relieve(both)]).toEqual([
      '`test 1 = 1` ended with code 0',
      '`true` ended with code 0',
    ]);
    expect(await injector.relieve(exec('true'))).toBe('nothing to undo');
  });

  it('exec fails with what the command said', async () => {
    await expect(injector.inflict(exec('echo no such pod >&2; exit 3'))).rejects.toMatchObject({
      code: 'FAULT_IMPOSSIBLE',
      message: '`echo no such pod >&2; exit 3` ended with code 3:\nno such pod',
    });
  });

  it('exec ends a command that takes too long, and all that it started', async () => {
    const error = await injector.inflict(exec('sleep 600 & echo $!; wait')).catch((caught: Error) => caught);
    const [, pid = ''] = /did not end within 0\.5 s:\n(\d+)$/.exec(String(error instanceof Error ? error.message : '')) ?? [];
    expect(Number(pid)).toBeGreaterThan(0);
    await expect.poll(() => inspect(Number(pid)), { timeout: 10_000 }).toBe(null);
  });

  it('http sends the request, and its counterpart to heal', async () => {
    const both = http('/break', '/mend');
    expect([await injector.inflict(both), await injector.relieve(both)]).toEqual([
      `POST ${url('/break')} was answered with 204`,
      `DELETE ${url('/mend')} was answered with 204`,
    ]);
    expect(asked).toEqual(['POST /break', 'DELETE /mend']);
  });

  it('http fails with what came instead', async () => {
    await expect(injector.inflict(http('/refused'))).rejects.toMatchObject({ message: `POST ${url('/refused')} was answered with 403` });
    await expect(injector.inflict(http('/never'))).rejects.toMatchObject({
      message: `POST ${url('/never')} was not answered within 0.5 s`,
    });
    const nowhere = fault({ kind: 'http', target: '', request: { method: 'GET', url: 'http://127.0.0.1:1/' }, undo: null });
    await expect(injector.inflict(nowhere)).rejects.toMatchObject({ code: 'FAULT_IMPOSSIBLE' });
  });

  it('kill and the like are refused: the processes are not ours', async () => {
    await expect(injector.inflict(faultOn('node1', 'kill'))).rejects.toMatchObject({
      code: 'FAULT_IMPOSSIBLE',
      message: 'kill node1: stickybench did not start this deployment',
    });
  });
});
