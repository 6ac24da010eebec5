import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyFolder, latestReport, measure, start, stickybench, strays } from './stickybench.ts';

const SHORT = (target: string) => `
name: short
${target}
users: { count: 3 }
phases:
  - { name: all, duration: 2s }
flow:
  - loop:
      - get: /visit
      - think: 50ms
`;

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** A server on a free port of 127.0.0.1. */
async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer(onConnection);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  const port = await listen(() => {});
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  return port;
}

async function runText(text: string, ...args: readonly string[]) {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'mine.yml'), text);
  const outcome = await stickybench(['run', 'mine.yml', '--lab', 'embedded', '--quiet', ...args], cwd);
  expect(strays(cwd)).toEqual([]);
  return { ...outcome, cwd };
}

describe('what cannot run', () => {
  it('is a file with problems: all are told, with line and column', async () => {
    const { code, stderr, stdout } = await runText(
      'name: x\nlab: { strategy: jvm_rout }\nusers: { cuont: 5 }\nphases: []\nflow: [ { get: /a } ]\n',
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('mine.yml:2:18');
    expect(stderr).toContain('jvm_route');
    expect(stderr).toContain('mine.yml:3:10');
    expect(stderr).toContain('count');
    expect(stderr).toContain('mine.yml:4:9');
    expect(stderr).toContain('WORKLOAD_INVALID');
  });

  it('is a workload that is not there', async () => {
    const { code, stderr } = await stickybench(['run', 'jvm_rout.yml'], emptyFolder());
    expect(code).toBe(3);
    expect(stderr).toContain('jvm_route');
    expect(stderr).toContain('WORKLOAD_NOT_FOUND');
  });

  it('is a command line that makes no sense', async () => {
    const cwd = emptyFolder();
    expect((await stickybench(['run', 'jvm_route', '--sed', '4'], cwd)).code).toBe(3);
    expect((await stickybench([], cwd)).code).toBe(3);
    expect((await stickybench(['run', 'jvm_route', '--lab', 'unreal'], cwd)).stderr).toContain('USAGE');
  });

  it('is a real lab without nginx', async () => {
    const { code, stderr } = await stickybench(['run', 'jvm_route', '--lab', 'real', '--nginx', '/nowhere/nginx'], emptyFolder());
    expect(code).toBe(3);
    expect(stderr).toContain('/nowhere/nginx');
    expect(stderr).toContain('PROGRAM_MISSING');
  });

  it('is a lab on a port that is taken', async () => {
    const port = await listen(() => {});
    const { code, stderr } = await runText(SHORT(`lab: { strategy: jvm_route, port: ${port} }`));
    expect(code).toBe(3);
    expect(stderr).toContain(String(port));
    expect(stderr).toContain('PORT_IN_USE');
  });

  it('is a target that refuses', async () => {
    const port = await deadPort();
    const { code, stderr } = await runText(SHORT(`target: http://127.0.0.1:${port}`));
    expect(code).toBe(3);
    expect(stderr).toContain('refused the connection');
    expect(stderr).toContain('TARGET_UNREACHABLE');
  });

  it('is a target that answers garbage', async () => {
    const port = await listen((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n'));
    const { code, stderr } = await runText(SHORT(`target: http://127.0.0.1:${port}`));
    expect(code).toBe(3);
    expect(stderr).toContain('TARGET_NOT_HTTP');
  });

  it('is a run whose folder cannot be written', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'taken'), 'a file');
    const { code, stderr } = await stickybench(['run', 'jvm_route', '--lab', 'embedded', '--quiet', '--out', 'taken'], cwd);
    expect(code).toBe(3);
    expect(stderr).toContain('OUTPUT_UNWRITABLE');
  });

  it('is a record that is not there', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, 'runs'));
    expect((await stickybench(['analyze', 'latest'], cwd)).stderr).toContain('RUN_NOT_FOUND');
    expect((await stickybench(['show', 'latest', '--user', '1'], cwd)).code).toBe(3);
  });
});

describe('a run', () => {
  it('whose users make no request is unknown', async () => {
    const nothing = 'flow:\n  - think: 1h\n  - get: /visit\n';
    const { code, stdout, cwd } = await runText(SHORT('lab: { strategy: jvm_route }').replace(/flow:[\s\S]*/, nothing));
    expect(code).toBe(2);
    expect(stdout.split('\n')[0]).toBe('UNKNOWN  short: no requests');
    expect(measure(latestReport(cwd), 'requests.total').value).toBeNull();
  });

  it('against a target that dies in the middle says so, request by request', async () => {
    let answers = 0;
    const sockets = new Set<Socket>();
    const port = await listen((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', () => {
        answers += 1;
        if (answers > 20) for (const one of sockets) one.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    const { code, cwd } = await runText(SHORT(`target: http://127.0.0.1:${port}`));
    const report = latestReport(cwd);
    expect(code).toBe(0);
    // The probe had the first of the twenty answers.
    expect(measure(report, 'requests.ok').value).toBe(19);
    const unknown = measure(report, 'requests.unknown').value ?? 0;
    const failed = measure(report, 'requests.failed').value ?? 0;
    expect(unknown + failed).toBe((measure(report, 'requests.total').value ?? 0) - 19);
    expect(unknown).toBeGreaterThan(3);
    expect(measure(report, 'session.lost').value).toBeNull();
    // How late this machine was is not what is asked here.
    const doubts = report.doubts.map(({ code: doubt }) => doubt).filter((doubt) => doubt !== 'late-sends');
    expect(doubts).toEqual(['no-session', 'no-backend', 'no-thresholds']);
  });

  it('is judged again from its record to the same report, byte for byte', async () => {
    const { cwd } = await runText(SHORT('lab: { strategy: ip_hash }'));
    const path = join(cwd, 'runs/latest/report.json');
    const live = readFileSync(path, 'utf8');
    writeFileSync(path, '');
    const { code, stdout } = await stickybench(['analyze', 'latest', '--format', 'json'], cwd);
    expect(code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(live);
    expect(stdout).toBe(live);
  });

  it('tells the history of one user', async () => {
    const { cwd } = await runText(SHORT('lab: { strategy: ip_hash }'));
    const { code, stdout } = await stickybench(['show', 'latest', '--user', '2'], cwd);
    expect(code).toBe(0);
    expect(stdout).toContain('GET /visit');
    expect((await stickybench(['show', 'latest', '--user', '77'], cwd)).stderr).toContain('USER_NOT_FOUND');
  });

  it('ends at Ctrl-C with 130, its report so far, and nothing left running', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'mine.yml'), SHORT('lab: { strategy: jvm_route }').replace('2s', '60s'));
    const command = start(['run', 'mine.yml', '--lab', 'embedded'], cwd);
    await command.shows('embedded lab at');
    // The tool itself, the balancer and two backends.
    expect(strays(cwd).length).toBe(4);
    command.signal('SIGINT');
    const { code, stdout } = await command.done;
    expect(code).toBe(130);
    // How far the load had come, and whether it was on time on this machine, is said before it.
    expect(stdout.split('\n')[0]).toMatch(/^UNKNOWN {2}short: (?:(?:no requests|late sends|saturated), )*interrupted$/);
    expect(latestReport(cwd).run.ended).toBe('interrupted');
    expect(strays(cwd)).toEqual([]);
  });

  it('that is interrupted while its lab starts ends at once, with nothing left running', async () => {
    const cwd = emptyFolder();
    const command = start(['run', 'jvm_route', '--lab', 'embedded'], cwd);
    await command.shows('starting the lab');
    command.signal('SIGINT');
    const { code, stdout, stderr } = await command.done;
    // On a fast machine the lab may have been up already: then there is a report, of a run that was interrupted at its very start.
    expect(code).toBe(130);
    expect(stdout === '' ? stderr.includes('nothing had been measured yet') : stdout.includes('interrupted')).toBe(true);
    expect(strays(cwd)).toEqual([]);
  });

  it('tells how fast the target goes without users, if asked', async () => {
    const { code, cwd } = await runText(SHORT('lab: { strategy: jvm_route }'), '--ceiling');
    expect(code).toBe(0);
    const { ceiling } = latestReport(cwd).run;
    expect(ceiling?.tool).toBe('autocannon');
    expect(ceiling?.requestsPerSecond).toBeGreaterThan(50);
  });

  it('whose lab dies under it is unknown, says so, and could not run', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'mine.yml'), SHORT('lab: { strategy: jvm_route }').replace('2s', '4s'));
    const command = start(['run', 'mine.yml', '--lab', 'embedded'], cwd);
    await command.shows('embedded lab at');
    const backend = strays(cwd).find((line) => line.includes('backend')) ?? '';
    process.kill(Number(backend.split(' ')[0]), 'SIGKILL');
    const { code, stdout, stderr } = await command.done;
    expect(code).toBe(3);
    expect(stderr).toContain('LAB_DIED');
    expect(stdout.split('\n')[0]).toContain('UNKNOWN  short');
    const analyzed = await stickybench(['analyze', 'latest', '--format', 'json'], cwd);
    expect(analyzed.code).toBe(2);
    expect((JSON.parse(analyzed.stdout) as { doubts: { code: string }[] }).doubts.map((doubt) => doubt.code)).toContain('lab-died');
  });

  it('keeps no session id on disk', async () => {
    const id = '0123456789ABCDEF0123456789ABCDEF';
    const answer = `HTTP/1.1 200 OK\r\nSet-Cookie: JSESSIONID=${id}.node1\r\nSticky-Session: ${id}.node1\r\nContent-Length: 0\r\n\r\n`;
    const port = await listen((socket) => socket.on('error', () => {}).on('data', () => socket.write(answer)));
    const { cwd } = await runText(SHORT(`target: http://127.0.0.1:${port}`));
    expect(measure(latestReport(cwd), 'session.created').value).toBe(3);
    const files = ['events.ndjson', 'exchanges.parquet', 'report.json', 'report.md', 'workload.yml'];
    expect(readdirSync(join(cwd, 'runs/latest')).sort()).toEqual(files);
    expect(files.filter((file) => readFileSync(join(cwd, 'runs/latest', file), 'latin1').includes(id))).toEqual([]);
  });

  it('keeps the logs of the lab without session ids', async () => {
    const { cwd } = await runText(SHORT('lab: { strategy: jvm_route }'));
    const log = readFileSync(join(cwd, 'runs/latest/logs/access.log'), 'utf8');
    expect(log.match(/setck="[0-9a-f]{16}\.tomcat0[12]"/g)?.length).toBe(3);
    expect(log.match(/[0-9A-F]{32}/g)).toBeNull();
  });
});

describe('check', () => {
  it('finds nothing wrong with a good workload, and can print it with every default', async () => {
    const cwd = emptyFolder();
    const plain = await stickybench(['check', 'jvm_route'], cwd);
    expect(plain.code).toBe(0);
    expect(plain.stdout).toContain('no problems');
    const resolved = await stickybench(['check', 'jvm_route', '--resolved'], cwd);
    expect(resolved.stdout).toContain('fail_timeout: 2s');
  });
});

describe('lab up', () => {
  it('prints addresses that answer, holds until Ctrl-C, and leaves nothing running', async () => {
    const cwd = emptyFolder();
    const command = start(['lab', 'up', 'jvm_route', '--lab', 'embedded'], cwd);
    await command.shows('Ctrl-C ends it.');
    expect(strays(cwd).length).toBe(4);
    command.signal('SIGINT');
    const { code, stdout } = await command.done;
    expect(code).toBe(0);
    expect(stdout).toMatch(/balancer +http:\/\/127\.0\.0\.1:\d+/);
    expect(strays(cwd)).toEqual([]);
  });
});
