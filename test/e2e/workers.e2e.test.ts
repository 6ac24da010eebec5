import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../model/report.ts';
import { emptyFolder, latestReport, measure, start, stickybench, strays } from './stickybench.ts';

/** Thirty users behind jvm_route, each with a connection of his own; a node dies and comes back. */
const HURT = `
name: hurt
lab: { strategy: jvm_route, backends: [tomcat01, tomcat02] }
users: { count: 30 }
http: { connections: per_user }
phases:
  - { name: warm-up, duration: 1s, warmup: true }
  - { name: steady, duration: 5s }
flow:
  - loop:
      - get: /visit
      - think: 20ms..60ms
      - post: /visit
faults:
  - { at: 3s, kill: tomcat01, for: 1s }
thresholds:
  'session.lost{cause:spurious}': ['count==0']
  'affinity.correctness': ['value==1']
`;

function folderWith(text: string): string {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'mine.yml'), text);
  return cwd;
}

const RUN = ['run', 'mine.yml', '--lab', 'embedded'] as const;

/** Open files of one process that are too few for the connections of all users, and enough for those of half of them. */
const FEW_FILES = 220;

/** What jvm_route promises, whoever makes the load: exactly the users of the dead node lose their session, each once. */
function promises(report: Report): void {
  const hurt = measure(report, 'session.loss_rate', { fault: '0', group: 'hurt' });
  const control = measure(report, 'session.loss_rate', { fault: '0', group: 'control' });
  expect([hurt.value, control.value, (hurt.n ?? 0) + (control.n ?? 0)]).toEqual([1, 0, 30]);
  expect(measure(report, 'session.lost').value).toBe(hurt.n);
  expect(measure(report, 'session.lost', { cause: 'failover' }).value).toBe(hurt.n);
  expect(measure(report, 'session.created').value).toBe(30 + (hurt.n ?? 0));
  expect(report.faults.map(({ action, target, ended }) => [action, target, ended !== null])).toEqual([['kill', 'tomcat01', true]]);
  expect([report.verdict, report.run.ended]).toEqual(['pass', 'finished']);
}

/** The verdict, whatever the tool has to say of this machine before. */
function unknown(because: string): RegExp {
  return new RegExp(`^UNKNOWN {2}hurt: (?:(?:late sends|saturated|unstarted), )*${because}$`);
}

describe.each([
  { as: 'threads', openFiles: null },
  { as: 'processes', openFiles: FEW_FILES },
] as const)('a run in two workers that are $as', ({ as, openFiles }) => {
  it('is judged as a run in one, and again from its record, byte for byte', async () => {
    const cwd = folderWith(HURT);
    const { code, stderr, stdout } = await stickybench([...RUN, '--workers', '2'], cwd, {}, openFiles);
    expect({ code, verdict: stdout.split('\n')[0] }).toEqual({ code: 0, verdict: 'PASS  hurt' });
    expect(stderr).toContain(`2 worker ${as}`);
    const report = latestReport(cwd);
    expect(report.run.workers).toEqual({ count: 2, as });
    promises(report);
    expect(strays(cwd)).toEqual([]);
    const path = join(cwd, 'runs/latest/report.json');
    const live = readFileSync(path, 'utf8');
    writeFileSync(path, '');
    expect((await stickybench(['analyze', 'latest', '--format', 'json'], cwd)).stdout).toBe(live);
    expect(readFileSync(path, 'utf8')).toBe(live);
  });

  it('ends at Ctrl-C with 130, its report so far, and nothing left running', async () => {
    const cwd = folderWith(HURT.replace('5s', '60s'));
    const command = start([...RUN, '--workers', '2'], cwd, {}, openFiles);
    await command.shows(' req/s');
    command.signal('SIGINT');
    const { code, stdout } = await command.done;
    expect(code).toBe(130);
    expect(stdout.split('\n')[0]).toMatch(unknown('interrupted'));
    const report = latestReport(cwd);
    expect(report.run.ended).toBe('interrupted');
    expect(measure(report, 'requests.total').value).toBeGreaterThan(100);
    expect(strays(cwd)).toEqual([]);
    const live = readFileSync(join(cwd, 'runs/latest/report.json'), 'utf8');
    expect((await stickybench(['analyze', 'latest', '--format', 'json'], cwd)).stdout).toBe(live);
  });
});

describe('a workload that no worker could run', () => {
  it('is told with its own code and hint, once, and leaves nothing running', async () => {
    for (const workers of ['1', '2']) {
      const cwd = folderWith(HURT.replace('http: {', 'http: { tls: { ca: /nowhere/ca.pem },'));
      const { code, stdout, stderr } = await stickybench([...RUN, '--quiet', '--workers', workers], cwd);
      expect({ code, stdout, stderr }).toEqual({
        code: 3,
        stdout: '',
        stderr:
          "http.tls.ca names a file that cannot be read: ENOENT: no such file or directory, open '/nowhere/ca.pem'.\n" +
          '  Paths are relative to the workload file.\n  (WORKLOAD_INVALID)\n',
      });
      expect(strays(cwd)).toEqual([]);
    }
  });
});

describe('a worker process', () => {
  const workersOf = (cwd: string): readonly number[] =>
    strays(cwd)
      .filter((line) => line.includes('cli/workers/main.js'))
      .map((line) => Number(line.split(' ')[0]));

  it('that is killed leaves the verdict unknown and its users named; the other goes on to the end', async () => {
    const cwd = folderWith(HURT.replace('5s', '8s'));
    const command = start([...RUN, '--workers', '2'], cwd, {}, FEW_FILES);
    await command.shows('2 worker processes');
    await command.shows(' req/s');
    const [victim] = workersOf(cwd);
    if (victim === undefined) throw new Error('there is no worker');
    process.kill(victim, 'SIGKILL');
    const { code, stdout, stderr } = await command.done;
    expect(code).toBe(2);
    expect(stdout.split('\n')[0]).toMatch(unknown('worker lost'));
    expect(stderr).toMatch(/worker [12] of 2 was lost \(SIGKILL\); the others go on/);
    const report = latestReport(cwd);
    const doubt = report.doubts.find((one) => one.code === 'worker-lost');
    expect(doubt?.text).toMatch(
      /^Worker [12] of 2 was lost \(SIGKILL\), and with it users [01], [23], [45] and so on, one in 2: 15 of 30\./,
    );
    expect(report.run.ended).toBe('finished');
    // Of the fifteen who are left, each made one session, and another when he had lost it.
    expect(measure(report, 'session.created').value).toBe(15 + (measure(report, 'session.lost', { cause: 'failover' }).value ?? 0));
    expect(report.faults.map(({ ended }) => ended !== null)).toEqual([true]);
    expect(strays(cwd)).toEqual([]);
    const live = readFileSync(join(cwd, 'runs/latest/report.json'), 'utf8');
    expect((await stickybench(['analyze', 'latest', '--format', 'json'], cwd)).stdout).toBe(live);
  });

  it('does not outlive a main process that is killed', async () => {
    const cwd = folderWith(HURT.replace('5s', '60s'));
    const command = start([...RUN, '--workers', '2'], cwd, {}, FEW_FILES);
    await command.shows(' req/s');
    expect(workersOf(cwd).length).toBe(2);
    command.signal('SIGKILL');
    await command.done;
    const limit = Date.now() + 20_000;
    while (strays(cwd).length > 0 && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(strays(cwd)).toEqual([]);
  });
});
