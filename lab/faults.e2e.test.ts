import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    const stopped = await lab.injector.inflict(faultOn('tomcat01', 'restart'));
    expect(stopped).toMatch(/^SIGTERM pid \d+$/);
    // Gone, and not back before it is relieved.
    expect(inspect(pidIn(stopped))).toBe(null);
    await expect(user.ask('GET', '/visit')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await lab.injector.relieve(faultOn('tomcat01', 'restart'))).toMatch(/^started pid \d+$/);
    expect(await user.ask('GET', '/visit')).toMatchObject({ created: '1', counter: '0' });
    expect(lab.died()).toBe(null);
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
    await lab.injector.inflict(faultOn('tomcat01', 'restart'));
    const pid = pidIn(await lab.injector.relieve(faultOn('tomcat01', 'restart')));
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => lab.died()?.code, { timeout: 10_000 }).toBe('LAB_DIED');
    expect(lab.died()?.message).toBe(`tomcat01, pid ${pid}, died though nobody had hurt it. Its log ends:\n(empty)`);
  });
});

describe('faults of the user’s own deployment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
  const asked: string[] = [];
  let authorized: string | null = null;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    authorized = request.headers.authorization ?? null;
    if (request.url === '/never') return;
    response.writeHead(request.url === '/refused' ? 403 : 204).end();
  }).listen(0, '127.0.0.1');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
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

  it('exec fails with the last line that the command said', async () => {
    await expect(injector.inflict(exec('echo asking; echo no such pod >&2; echo; exit 3'))).rejects.toMatchObject({
      code: 'FAULT_IMPOSSIBLE',
      message: '`echo asking; echo no such pod >&2; echo; exit 3` ended with code 3: no such pod',
    });
    await expect(injector.inflict(exec('exit 4'))).rejects.toMatchObject({ message: '`exit 4` ended with code 4' });
  });

  it('exec tells at most 200 characters, and none that control a terminal', async () => {
    const said = async (command: string) => {
      const error = await injector.inflict(exec(command)).catch((caught: Error) => caught);
      return error instanceof Error ? error.message.replace(`\`${command}\` ended with code 1: `, '') : error;
    };
    expect(await said("printf '\\033[31mno\\033[0m \\007such\\tpod\\n'; exit 1")).toBe('no such pod');
    expect(await said("printf 'half\\rwhole'; exit 1")).toBe('whole');
    expect(await said('printf %01000d 7; exit 1')).toBe('0'.repeat(200));
  });

  it('exec leaves to the user what his command started in the background', async () => {
    const file = join(folder, 'pid');
    const command = `sleep 30 & echo $! > ${file}; echo started`;
    expect(await injector.inflict(exec(command))).toBe(`\`${command}\` ended with code 0`);
    const pid = Number(readFileSync(file, 'utf8'));
    expect(inspect(pid)?.pid).toBe(pid);
    process.kill(pid, 'SIGKILL');
  });

  it('exec lets what it left in the background go on writing', async () => {
    const [go, after] = [join(folder, 'go'), join(folder, 'after')];
    await injector.inflict(exec(`{ until test -e ${go}; do sleep 0.02; done; echo words && echo alive > ${after}; } &`));
    writeFileSync(go, '');
    await expect.poll(() => existsSync(after) && readFileSync(after, 'utf8'), { timeout: 10_000 }).toBe('alive\n');
  });

  it('exec ends a command that takes too long, and all that it started', async () => {
    const error = await injector.inflict(exec('sleep 600 & echo $!; wait')).catch((caught: Error) => caught);
    const [, pid = ''] = /did not end within 0\.5 s: (\d+)$/.exec(String(error instanceof Error ? error.message : '')) ?? [];
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

  it('http sends user and password as credentials, and tells neither them nor the query', async () => {
    const secret = url('/break').replace('//', '//us%3Aer:p%40ss@');
    const call = fault({ kind: 'http', target: '', request: { method: 'POST', url: `${secret}?token=1` }, undo: null });
    expect(await injector.inflict(call)).toBe(`POST ${url('/break')} was answered with 204`);
    expect(authorized).toBe(`Basic ${Buffer.from('us:er:p@ss').toString('base64')}`);
    expect(asked.at(-1)).toBe('POST /break?token=1');
    const refused = fault({
      kind: 'http',
      target: '',
      request: { method: 'GET', url: 'http://user:pass@127.0.0.1:1/x?token=1' },
      undo: null,
    });
    await expect(injector.inflict(refused)).rejects.toMatchObject({
      message: 'GET http://127.0.0.1:1/x failed: bad port',
    });
  });

  it('kill and the like are refused: the processes are not ours', async () => {
    await expect(injector.inflict(faultOn('node1', 'kill'))).rejects.toMatchObject({
      code: 'FAULT_IMPOSSIBLE',
      message: 'kill node1: stickybench did not start this deployment',
    });
  });
});
