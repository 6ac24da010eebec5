import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { trespasses } from './rooms.ts';

const house = (files: Record<string, string>) => trespasses(new Map(Object.entries(files)));

describe('the rooms of this house', () => {
  it('keep to themselves and the hall', () => {
    const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], { encoding: 'utf8' }).split(
      '\n',
    );
    const product = tracked.filter((file) => /^(model|workloads|engine|lab|analysis|results|cli)\//.test(file) && !isTest(file));
    expect(product.length).toBeGreaterThan(20);
    expect(trespasses(new Map(product.map((file) => [file, readFileSync(file, 'utf8')])))).toEqual([]);
  });
});

describe('the check of the rooms', () => {
  it('bites when a room imports another', () => {
    expect(house({ 'engine/run.ts': "import { fold } from '../analysis/fold.ts';" })).toEqual([
      { file: 'engine/run.ts', imports: '../analysis/fold.ts', rule: 'engine may import model and itself, never analysis' },
    ]);
  });

  it('bites when a room imports the front door', () => {
    expect(house({ 'lab/lab.ts': "import type { Api } from '../index.ts';" })).toEqual([
      { file: 'lab/lab.ts', imports: '../index.ts', rule: 'lab may import model and itself, never the front door' },
    ]);
  });

  it('bites when a pure room reaches for node', () => {
    expect(house({ 'analysis/a.ts': "import fs from 'node:fs';" })).toEqual([
      { file: 'analysis/a.ts', imports: 'node:fs', rule: 'analysis is pure: it imports nothing of node' },
    ]);
  });

  it('bites when a package is imported through the wrong door, in any form of import', () => {
    expect(house({ 'results/x.ts': "export { parse } from 'yaml';", 'engine/run.ts': "const a = await import('autocannon');" })).toEqual([
      { file: 'results/x.ts', imports: 'yaml', rule: 'yaml is imported only in workloads/' },
      { file: 'engine/run.ts', imports: 'autocannon', rule: 'autocannon is imported only in engine/ceiling.ts' },
    ]);
  });

  it('bites when a package is not of the house', () => {
    expect(house({ 'cli/x.ts': "import chalk from 'chalk';" })).toEqual([
      { file: 'cli/x.ts', imports: 'chalk', rule: 'chalk is not a dependency of the house' },
    ]);
  });

  it('bites on a cycle', () => {
    expect(house({ 'lab/a.ts': "import './b.ts';", 'lab/b.ts': "import type { A } from './a.ts';" })).toEqual([
      { file: 'lab/b.ts', imports: './a.ts', rule: 'no cycles' },
    ]);
  });

  it('lets a room import the hall and itself, and the door import all', () => {
    expect(
      house({
        'engine/run.ts': "import type { Entry } from '../model/entry.ts';\nimport { plan } from './plan/plan.ts';",
        'cli/run.ts': "import { run } from '../engine/run.ts';\nimport yargs from 'yargs';",
      }),
    ).toEqual([]);
  });
});

function isTest(file: string): boolean {
  return /\.test\.ts$|conformance|\/laws\.ts$|\/fixtures\//.test(file);
}
