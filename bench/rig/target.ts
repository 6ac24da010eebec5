// The target of every measurement: one nginx with one worker on its own core, which answers from memory and counts what it is asked.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Doors, nginxConfiguration } from './nginx-configuration.ts';
import { cpuOf } from './process-tree.ts';

/** Core of the target; the clients have the other. */
export const TARGET_CORE = 0;
export const CLIENT_CORE = 1;

export type Door = Exclude<keyof Doors, 'status'>;

/** nginx's own count since it started, without the askings for it. */
interface Count {
  readonly requests: number;
  readonly accepted: number;
  readonly active: number;
}

export interface Target {
  /** Temporary folder that goes away with the target. */
  readonly folder: string;
  /** `http`: keep-alive. `close`: closes after each answer. `https` and `https-close`: the same behind a self-signed certificate. `seen`: keep-alive, and every request is logged. */
  url(door: Door): string;
  /** File of the certificate that clients may trust. */
  readonly certificate: string;
  count(): Promise<Count>;
  /** CPU time of nginx so far, in seconds. */
  cpu(): number;
  /** Answers so far whose status was not 200. */
  wrong(): number;
  /** What the logged requests carried, one line each: cookie, source address, connection. Forgets them. */
  seen(): readonly string[];
  stop(): Promise<void>;
}

/** Starts nginx on free ports of the loopback. Throws when it does not start. */
export async function startTarget(): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-bench-'));
  const doors: Doors = {
    http: await freePort(),
    https: await freePort(),
    close: await freePort(),
    'https-close': await freePort(),
    seen: await freePort(),
    status: await freePort(),
  };
  const certificate = makeCertificate(folder);
  writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(folder, doors, certificate !== null));
  const nginx = startNginx(folder);
  const count = counter(doors.status);
  const stop = async (): Promise<void> => {
    await ended(nginx, () => nginx.kill('SIGTERM'));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilServed(nginx, count, folder);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder,
    url: (door) => `${door.startsWith('https') ? 'https' : 'http'}://127.0.0.1:${doors[door]}/`,
    certificate: certificate ?? '',
    count,
    cpu: () => cpuOf(nginx.pid ?? 0),
    wrong: () => lines(join(folder, 'wrong.log')).length,
    seen: () => take(join(folder, 'seen.log')),
    stop,
  };
}

function startNginx(folder: string): ChildProcess {
  const command = ['-c', String(TARGET_CORE), 'nginx', '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
  const nginx = spawn('taskset', command, { stdio: 'ignore' });
  nginx.on('error', () => {});
  process.once('exit', () => {
    nginx.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });
  return nginx;
}

/** A certificate for 127.0.0.1 that signs itself, or null without openssl: then there is no https. */
function makeCertificate(folder: string): string | null {
  const file = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', file],
  ]);
  return made.status === 0 ? file : null;
}

async function untilServed(nginx: ChildProcess, count: () => Promise<Count>, folder: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      await count();
      return;
    } catch (error) {
      if (nginx.exitCode !== null || nginx.pid === undefined || Date.now() > deadline) {
        throw new Error(`nginx did not start:\n${lines(join(folder, 'error.log')).join('\n')}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Each asking counts, as one request on one connection of its own. */
function counter(port: number): () => Promise<Count> {
  let askings = 0;
  return async () => {
    const { requests, accepted, active } = readCount(await statusPage(port));
    askings += 1;
    return { requests: requests - askings, accepted: accepted - askings, active: active - 1 };
  };
}

function statusPage(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, path: '/', agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('latin1').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve(text));
    });
    asked.on('error', reject);
  });
}

/** The page of ngx_http_stub_status_module. */
function readCount(page: string): Count {
  const [, active, accepted, requests] = /^Active connections: (\d+)\s.*?\n (\d+) \d+ (\d+)/s.exec(page) ?? [];
  if (active === undefined) throw new Error(`not nginx's status page: ${page}`);
  return { active: Number(active), accepted: Number(accepted), requests: Number(requests) };
}

/** The lines of a log that nginx holds open: it appends, so an emptied file begins anew. */
function take(path: string): readonly string[] {
  const found = lines(path);
  writeFileSync(path, '');
  return found;
}

function lines(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    end();
  });
}
