import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logText, type ProcessSpec } from './child.ts';
import { claimPort, freePort } from './ports.ts';
import { acceptsOn, answersHttp, logs } from './ready.ts';
import { createSupervisor, type Supervisor, startOnFreePort, startOnPorts } from './supervisor.ts';

let root: string;
let supervisor: Supervisor;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
  supervisor = await createSupervisor(root);
});
afterEach(async () => {
  await supervisor.stopAll();
  rmSync(root, { recursive: true, force: true });
});

function script(code: string, ready: ProcessSpec['ready']): ProcessSpec {
  return { name: 'node', command: process.execPath, args: ['-e', code], env: {}, cwd: supervisor.folder, ready };
}

const server = (port: number) => `require('node:http').createServer((q, s) => s.end('yes')).listen(${port}, '127.0.0.1')`;

describe('start', () => {
  it('resolves once the process was seen to answer', async () => {
    const { child, port } = await startOnFreePort(supervisor, (port) => script(server(port), answersHttp(`http://127.0.0.1:${port}/`)));
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('yes');
    expect({ name: child.name, running: child.running }).toEqual({ name: 'node', running: true });
  });

  it('tells how a process ended that exits before it is ready, and the last 20 lines of its log', async () => {
    const spec = script("for (let i = 1; i <= 30; i += 1) console.log('line ' + i); process.exitCode = 3", acceptsOn(1));
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 11}`).join('\n');
    await expect(supervisor.start(spec)).rejects.toMatchObject({
      code: 'LAB_NOT_READY',
      message: `node exited with code 3 before it was ready. Its log ends:\n${lines}`,
    });
  });

  it('ends a process that does not become ready in time', async () => {
    const spec = script("console.log('slow'); setInterval(() => undefined, 1000)", logs(/never/, 300));
    await expect(supervisor.start(spec)).rejects.toMatchObject({
      code: 'LAB_NOT_READY',
      message: expect.stringContaining('node did not write a line like /never/ to its log within 0.3 s'),
    });
    expect(supervisor.children.get('node')?.running).toBe(false);
  });

  it('names a program that cannot be executed', async () => {
    const spec = { ...script('', acceptsOn(1)), command: '/no/such/program' };
    await expect(supervisor.start(spec)).rejects.toMatchObject({
      code: 'PROGRAM_MISSING',
      message: 'node: /no/such/program cannot be executed: spawn /no/such/program ENOENT',
    });
  });

  it('keeps one log per name, and looks for readiness only in what this start wrote', async () => {
    const first = await supervisor.start(script("console.log('up'); setInterval(() => undefined, 1000)", logs(/up/)));
    first.signal('SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await expect(supervisor.start(script("console.log('down')", logs(/up/)))).rejects.toMatchObject({ code: 'LAB_NOT_READY' });
    const second = supervisor.children.get('node');
    expect(second === undefined ? null : logText({ ...second, logStart: 0 })).toBe('up\ndown\n');
  });

  it('passes on nothing of our environment but what every program needs', async () => {
    const spec = {
      ...script('console.log(Object.keys(process.env).filter((k) => !/^(PATH|HOME|LANG|TMPDIR|TZ)$/.test(k)).join())', logs(/\n/)),
      env: { ONLY: '1' },
    };
    const child = await supervisor.start({ ...spec, args: [spec.args[0] ?? '', `${spec.args[1]}; setInterval(() => undefined, 1000)`] });
    expect(logText(child)).toBe('ONLY\n');
  });

  it('refuses to start anything after the end', async () => {
    await supervisor.stopAll();
    await expect(supervisor.start(script('', acceptsOn(1)))).rejects.toMatchObject({ code: 'LAB_NOT_READY' });
  });
});

describe('startOnFreePort', () => {
  it('takes another port when somebody was faster', async () => {
    const squatters: ReturnType<typeof createServer>[] = [];
    const { child, port } = await startOnFreePort(supervisor, (port) => script(server(port), acceptsOnUnless(squatters, port)));
    const taken = squatters.map((squatter) => (squatter.address() as { port: number }).port);
    expect(taken).toHaveLength(1);
    expect(taken).not.toContain(port);
    expect(child.running).toBe(true);
    for (const squatter of squatters) squatter.close();
  });
});

describe('startOnPorts', () => {
  it('has all ports chosen anew when one of them was taken', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', () => resolve()));
    const { port: taken } = squatter.address() as AddressInfo;
    const choices = [
      { fixed: 1, other: taken },
      { fixed: 1, other: await freePort() },
    ];
    const choose = async () => choices.shift() ?? { fixed: 0, other: 0 };
    const { ports, child } = await startOnPorts(supervisor, choose, ({ other }) =>
      script(server(other), other === taken ? untilGone : acceptsOn(other)),
    );
    expect({ fixed: ports.fixed, taken: ports.other === taken, running: child.running, left: choices.length }).toEqual({
      fixed: 1,
      taken: false,
      running: true,
      left: 0,
    });
    squatter.close();
  });
});

const untilGone: ProcessSpec['ready'] = async (child) => {
  await child.exited;
};

/** Readiness that takes the first port away from the process before it can listen. */
function acceptsOnUnless(squatters: ReturnType<typeof createServer>[], port: number): ProcessSpec['ready'] {
  if (squatters.length > 0) return acceptsOn(port);
  const squatter = createServer();
  squatters.push(squatter);
  squatter.listen(port, '127.0.0.1');
  return untilGone;
}

describe('stopAll', () => {
  it('ends every process, removes the folder and its handlers, and may be called twice', async () => {
    const before = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((event) => process.listenerCount(event));
    const child = await supervisor.start(script("console.log('up'); setInterval(() => undefined, 1000)", logs(/up/)));
    child.signal('SIGSTOP');
    expect(supervisor.stopping.aborted).toBe(false);
    await Promise.all([supervisor.stopAll(), supervisor.stopAll()]);
    expect({ running: child.running, folder: existsSync(supervisor.folder), told: supervisor.stopping.aborted }).toEqual({
      running: false,
      folder: false,
      told: true,
    });
    const after = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((event) => process.listenerCount(event));
    expect(before.map((count, i) => count - (after[i] ?? 0))).toEqual([1, 1, 1, 1]);
  });
});

describe('claimPort', () => {
  it('throws PORT_IN_USE for a port that somebody listens on', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', () => resolve()));
    const { port } = holder.address() as { port: number };
    await expect(claimPort(port)).rejects.toMatchObject({ code: 'PORT_IN_USE', message: `port ${port} of 127.0.0.1 is taken` });
    await new Promise((resolve) => holder.close(resolve));
    expect(await claimPort(port)).toBe(port);
  });
});
