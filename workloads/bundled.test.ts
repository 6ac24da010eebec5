import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StickyError } from '../model/errors.ts';
import type { Workload } from '../model/workload.ts';
import { bundledWorkloads, findWorkload, packageRoot } from './bundled.ts';
import { loadWorkload } from './load-workload.ts';

const NAMES = ['ip_hash', 'ip_hash_roaming', 'jvm_route', 'jvm_route_redis', 'redis_session', 'round_robin'];
const COMPARED = NAMES.filter((name) => name !== 'ip_hash_roaming');
const bundledPath = (name: string) => join(packageRoot(), 'workloads', `${name}.yml`);
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'stickybench-find-'));
  writeFileSync(join(cwd, 'jvm_route.yml'), '');
  writeFileSync(join(cwd, 'mine.yaml'), '');
});

afterAll(() => rmSync(cwd, { recursive: true }));

describe('bundled workloads', () => {
  it('are six, each with a description', () => {
    const bundled = bundledWorkloads();
    expect(bundled.map(({ name, path }) => [name, path])).toEqual(NAMES.map((name) => [name, bundledPath(name)]));
    expect(bundled.filter(({ description }) => description === '')).toEqual([]);
  });

  it('begin with the line that tells editors of the schema', () => {
    const first = bundledWorkloads().map(({ path }) => readFileSync(path, 'utf8').split('\n')[0]);
    expect(new Set(first)).toEqual(new Set(['# yaml-language-server: $schema=./workload.schema.json']));
  });

  it('last half a minute at most, and say what they promise', () => {
    for (const { name, path } of bundledWorkloads()) {
      const { phases, thresholds } = loadWorkload(path);
      const length = phases.reduce((sum, { duration }) => sum + duration, 0);
      expect({ name, short: length <= 30_000_000, promises: thresholds.length > 0 }).toEqual({ name, short: true, promises: true });
    }
  });

  it('put the same users and the same fault to every strategy', () => {
    const shared = ({ seed, users, http, phases, scenarios, faults }: Workload) => ({ seed, users, http, phases, scenarios, faults });
    const [first, ...others] = COMPARED.map((name) => shared(loadWorkload(bundledPath(name))));
    expect(others).toEqual(others.map(() => first));
  });
});

describe('finding a workload', () => {
  it('takes a path, or a name with or without its ending', () => {
    expect([findWorkload('redis_session', cwd), findWorkload('redis_session.yml', cwd)]).toEqual([
      bundledPath('redis_session'),
      bundledPath('redis_session'),
    ]);
    expect([findWorkload('mine', cwd), findWorkload(join(cwd, 'mine.yaml'), '/')]).toEqual([
      join(cwd, 'mine.yaml'),
      join(cwd, 'mine.yaml'),
    ]);
  });

  it('prefers a file in the current folder', () => {
    expect(findWorkload('jvm_route', cwd)).toBe(join(cwd, 'jvm_route.yml'));
  });

  it('gives short paths below the folder of the process', () => {
    expect(findWorkload('workloads/ip_hash.yml', packageRoot())).toBe(join('workloads', basename('ip_hash.yml')));
  });

  it('says what there is when nothing has the name', () => {
    const hint = `Did you mean jvm_route? Bundled are ${NAMES.join(', ')}.`;
    const message = `There is no workload jvm_rout: no such file in ${cwd}, and none bundled of that name.`;
    expect(() => findWorkload('jvm_rout', cwd)).toThrow(new StickyError('WORKLOAD_NOT_FOUND', message, hint));
  });

  it('does not take a path for a bundled name', () => {
    expect(() => findWorkload('elsewhere/jvm_route.yml', cwd)).toThrow(/^There is no workload elsewhere\/jvm_route\.yml/);
  });
});
