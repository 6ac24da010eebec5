// The harness itself, on one short round: whether it measures, not what.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../test/e2e/stickybench.ts';
import type { BenchDocument } from './compare/document.ts';
import { ROOT } from './rig/root.ts';

const missing = ['wrk', 'nginx', 'taskset'].filter((program) => spawnSync(program, ['-v']).error !== undefined);
const reason = missing.length > 0 ? `${missing.join(', ')} missing` : availableParallelism() < 2 ? 'one core only' : '';
const described = reason === '' || process.env['CI'] === 'true' ? describe : describe.skip;
if (reason !== '') process.stderr.write(`not to be run here, because of ${reason}: the benchmark\n`);

const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });

described('the benchmark', () => {
  it('measures stickybench beside wrk, and the record it leaves behind', { timeout: 120_000 }, () => {
    const compiled = node(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'bench/tsconfig.json');
    expect({ code: compiled.status, said: compiled.stdout }).toEqual({ code: 0, said: '' });
    const out = emptyFolder();
    const short = [
      '--sections',
      'keep-alive-64',
      '--rows',
      'wrk,stickybench-recorded',
      '--rounds',
      '1',
      '--window',
      '1',
      '--warm-up',
      '0.5',
    ];
    const { status, stdout, stderr } = node('.cache/bench/bench/bench.js', ...short, '--no-install', '--out', out);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toBe(readFileSync(join(out, 'bench.md'), 'utf8'));

    const document = JSON.parse(readFileSync(join(out, 'bench.json'), 'utf8')) as BenchDocument;
    expect(document.sections.map(({ key, rows }) => [key, rows.map((row) => [row.key, row.failed, row.runs.length])])).toEqual([
      [
        'keep-alive-64',
        [
          ['wrk', null, 1],
          ['stickybench-recorded', null, 1],
        ],
      ],
    ]);
    const [wrk, recorded] = document.sections.flatMap(({ rows }) => rows.flatMap(({ runs }) => runs));
    expect([wrk?.connections, wrk?.wrong, recorded?.connections, recorded?.wrong]).toEqual([64, 0, 64, 0]);
    // Costs are what they are; that there are some is what can be known.
    expect([wrk, recorded].map((run) => (run?.cost ?? 0) > 0)).toEqual([true, true]);
    expect([wrk?.after, (recorded?.after?.requests ?? 0) > (recorded?.count ?? 0)]).toEqual([null, true]);
    expect(
      document.seen.map(({ row, seen: { cookies, addresses, connections, cookiesPerConnection } }) => [
        row,
        cookies,
        addresses,
        connections,
        cookiesPerConnection,
      ]),
    ).toEqual([
      ['wrk', 1, 1, 64, 1],
      ['stickybench-recorded', 64, 64, 64, 1],
    ]);
  });
});
