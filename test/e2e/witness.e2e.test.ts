import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeReal } from '../setup/real-lab.ts';
import { emptyFolder, latestReport, measure, stickybench } from './stickybench.ts';

/** Every user has one address of his own, so that the log tells users apart; nothing is warm-up, so that everything counts. */
const WORKLOAD = `
name: witness
lab: { strategy: jvm_route, backends: [tomcat01, tomcat02], fail_timeout: 2s }
users: { count: 60, cookies: { session: JSESSIONID } }
phases:
  - { name: all, duration: 14s }
flow:
  - post: /login
  - loop:
      - get: /visit
      - think: 50ms..150ms
      - post: /visit
      - think: 50ms..150ms
faults:
  - { at: 4s, kill: tomcat02, for: 2s }
`;

interface Line {
  readonly client: string;
  readonly status: string;
  readonly upstream: string;
  readonly cookie: string;
}

/** Lines of nginx's own log, in the order nginx finished them; the lab's own requests, which come from 127.0.0.x, left out. */
function logLines(path: string): readonly Line[] {
  const form = /^\S+ (?<client>\S+) "[^"]*" (?<status>\d+) up="(?<up>[^"]*)" ust="[^"]*" ck="(?<cookie>[^"]*)"/;
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { client = '', status = '', up = '', cookie = '' } = form.exec(line)?.groups ?? {};
      return { client, status, upstream: up.split(/, | : /).at(-1) ?? '', cookie };
    })
    .filter(({ client }) => !client.startsWith('127.0.0.'));
}

/** Where a Tomcat listens, by its own log: `ProtocolHandler ["http-nio-127.0.0.1-18081"]`. */
function addressOf(log: string): string {
  const [, host = '', port = ''] = /"http-nio-(?:\S+\/)?([\d.]+)-(\d+)"/.exec(readFileSync(log, 'utf8')) ?? [];
  return `${host}:${port}`;
}

function tally<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

/** Requests with a cookie that another node answered than the client's one before. */
function switches(lines: readonly Line[]): number {
  const last = new Map<string, string>();
  let count = 0;
  for (const { client, upstream } of lines.filter(({ cookie }) => cookie !== '-')) {
    if (last.has(client) && last.get(client) !== upstream) count += 1;
    last.set(client, upstream);
  }
  return count;
}

describeReal("nginx's own access log", () => {
  it('tells the same requests per node, the same failures and the same moves as the report', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'witness.yml'), WORKLOAD);
    const { stderr } = await stickybench(['run', 'witness.yml', '--lab', 'real', '--quiet'], cwd);
    expect(stderr).toBe('');
    const report = latestReport(cwd);
    const lines = logLines(join(cwd, 'runs/latest/logs/access.log'));
    const answered = lines.filter(({ status }) => status === '200');
    const nodes = report.setup.backends.map((name) => [addressOf(join(cwd, `runs/latest/logs/${name}.log`)), name] as const);
    const perNode = tally(answered, ({ upstream }) => new Map(nodes).get(upstream) ?? upstream);
    const loads = report.setup.backends.map((backend) => [
      backend,
      measure(report, 'balance.load', { by: 'requests', window: 'whole', backend }).value,
    ]);
    expect(Object.fromEntries(loads)).toEqual(perNode);
    expect(measure(report, 'requests.total').value).toBe(lines.length);
    expect(measure(report, 'requests.ok').value).toBe(answered.length);
    expect(measure(report, 'affinity.switches').value).toBe(switches(answered));
    expect(switches(answered)).toBeGreaterThan(10);
  });
});
