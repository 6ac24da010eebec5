import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StickyError } from '../model/errors.ts';
import { pass } from './fixtures/reports.ts';
import { reportJson } from './report/json.ts';
import { reportMarkdown } from './report/markdown.ts';
import { copyLogs, createRunFolder, filesOf, findRun, writeReports } from './run-folder.ts';

let cwd: string;
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'stickybench-runs-')));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const create = (name: string, startedAt = '2026-01-02T03:04:05.678Z'): string =>
  createRunFolder({ root: join(cwd, 'runs'), name, startedAt, workload: 'name: x\n' });

const problem = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof StickyError) return `${error.code}: ${error.message.replaceAll(cwd, 'CWD')}`;
    throw error;
  }
  return 'none';
};

describe('a run folder', () => {
  it('is named for time and workload, holds the workload, and is the latest', () => {
    const folder = create('jvm_route');
    expect(folder).toBe(join(cwd, 'runs', '20260102T030405Z-jvm_route'));
    expect(readFileSync(join(folder, 'workload.yml'), 'utf8')).toBe('name: x\n');
    expect(readlinkSync(join(cwd, 'runs', 'latest'))).toBe('20260102T030405Z-jvm_route');
  });

  it('gets a number when its name is taken, and leaves nothing else behind', () => {
    expect([create('a'), create('a'), create('a')].map((folder) => folder.slice(cwd.length))).toEqual([
      '/runs/20260102T030405Z-a',
      '/runs/20260102T030405Z-a-2',
      '/runs/20260102T030405Z-a-3',
    ]);
    expect(readlinkSync(join(cwd, 'runs', 'latest'))).toBe('20260102T030405Z-a-3');
    expect(readdirSync(join(cwd, 'runs')).sort()).toEqual(['20260102T030405Z-a', '20260102T030405Z-a-2', '20260102T030405Z-a-3', 'latest']);
  });

  it('never leaves its root, whatever the workload is called', () => {
    const names = ['../../etc/x', '.hidden', 'a b\u0000c/d', '', '東京', 'x'.repeat(300)];
    expect(names.map((name) => create(name).slice(join(cwd, 'runs', '20260102T030405Z-').length))).toEqual([
      'etc-x',
      'hidden',
      'a-b-c-d',
      'run',
      '東京',
      'x'.repeat(60),
    ]);
  });

  it('takes reports and logs', () => {
    const folder = create('a');
    writeFileSync(join(cwd, 'nginx-error'), 'a line\n');
    copyLogs(folder, { 'nginx/../error': join(cwd, 'nginx-error'), gone: join(cwd, 'gone') }, copyFileSync);
    writeReports(folder, pass);
    expect(readdirSync(join(folder, 'logs'))).toEqual(['nginx-..-error.log']);
    expect(readFileSync(join(folder, 'report.json'), 'utf8')).toBe(reportJson(pass));
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toBe(reportMarkdown(pass));
    expect(readdirSync(folder).sort()).toEqual(['logs', 'report.json', 'report.md', 'workload.yml']);
  });

  it('tells which of its files are there', () => {
    const folder = create('x');
    expect(filesOf(folder)).toEqual(['workload.yml']);
    writeReports(folder, pass);
    copyLogs(folder, { nginx: join(cwd, 'gone.log') }, copyFileSync);
    expect(filesOf(folder)).toEqual(['report.json', 'report.md', 'workload.yml']);
    for (const file of ['events.ndjson', 'exchanges.parquet', 'notes.txt']) writeFileSync(join(folder, file), '');
    copyLogs(folder, { nginx: join(folder, 'notes.txt') }, copyFileSync);
    expect(filesOf(folder)).toEqual(['report.json', 'report.md', 'workload.yml', 'exchanges.parquet', 'events.ndjson', 'logs']);
    expect(filesOf(join(cwd, 'none'))).toEqual([]);
  });

  it('that cannot be written says where and why', () => {
    writeFileSync(join(cwd, 'file'), '');
    const inFile = (): unknown => createRunFolder({ root: join(cwd, 'file', 'runs'), name: 'a', startedAt: '2026', workload: '' });
    expect(problem(inFile)).toMatch(/^OUTPUT_UNWRITABLE: CWD\/file\/runs cannot be written: ENOTDIR/);
    expect(problem(() => writeReports(join(cwd, 'none'), pass))).toMatch(/^OUTPUT_UNWRITABLE: CWD\/none cannot be written: ENOENT/);
  });

  it('does not touch a folder that somebody called latest', () => {
    mkdirSync(join(cwd, 'runs', 'latest', 'mine'), { recursive: true });
    expect(problem(() => create('a'))).toMatch(/^OUTPUT_UNWRITABLE: CWD\/runs cannot be written: /);
    expect(lstatSync(join(cwd, 'runs', 'latest', 'mine')).isDirectory()).toBe(true);
    expect(readdirSync(join(cwd, 'runs')).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('finding a run', () => {
  it('takes latest, a name, a path, and a path inside the run', () => {
    const first = create('a');
    const second = create('b');
    for (const folder of [first, second]) writeReports(folder, pass);
    expect([
      findRun('latest', cwd),
      findRun('20260102T030405Z-a', cwd),
      findRun('runs/20260102T030405Z-a', '/'.concat(cwd)),
      findRun(first, '/'),
      findRun(join(first, 'report.json'), '/'),
      findRun('runs/latest', cwd),
    ]).toEqual([second, first, first, first, first, second]);
  });

  it('says where it looked', () => {
    mkdirSync(join(cwd, 'empty'));
    expect(problem(() => findRun('latest', cwd))).toBe(
      'RUN_NOT_FOUND: No run "latest". Looked at CWD/latest (not there) and CWD/runs/latest (not there).',
    );
    expect(problem(() => findRun('empty', cwd))).toBe(
      'RUN_NOT_FOUND: No run "empty". Looked at CWD/empty (holds no run) and CWD/runs/empty (not there).',
    );
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  });
});
