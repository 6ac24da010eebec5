import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StickyError } from '../model/errors.ts';
import { loadWorkload } from './load-workload.ts';

const SOUND = 'lab: { strategy: jvm_route }\nphases: [{ duration: 1s }]\nflow: [{ get: / }]\n';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stickybench-workloads-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data/users.csv'), 'login\nann\n');
  writeFileSync(join(folder, 'sound.yml'), `${SOUND}http: { tls: { ca: ca.pem } }\npayload: { path: data/users.csv }\n`);
  writeFileSync(join(folder, 'poor.yml'), `${SOUND}payload: { path: none.csv }\n`);
  writeFileSync(join(folder, 'wrong.yml'), `${SOUND}payload: { path: none.csv }\nseed: x\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

function failure(path: string): Pick<StickyError, 'code' | 'message'> | string {
  try {
    loadWorkload(path);
    return 'loaded';
  } catch (error) {
    if (!(error instanceof StickyError)) throw error;
    return { code: error.code, message: error.message.replaceAll(folder, '~') };
  }
}

describe('loading a workload', () => {
  it('names it after its file and makes its paths absolute', () => {
    const { name, http, payload } = loadWorkload(relative(process.cwd(), join(folder, 'sound.yml')));
    expect({ name, ca: http.ca, payload }).toEqual({
      name: 'sound',
      ca: join(folder, 'ca.pem'),
      payload: [{ path: join(folder, 'data/users.csv'), fields: ['login'], rows: [['ann']], order: 'sequence' }],
    });
  });

  it('says what cannot be read', () => {
    expect(failure(join(folder, 'none.yml'))).toEqual({ code: 'WORKLOAD_NOT_FOUND', message: '~/none.yml does not exist.' });
    expect(failure(folder)).toEqual({ code: 'WORKLOAD_NOT_FOUND', message: '~ is a folder.' });
  });

  it('tells a missing payload from a wrong workload', () => {
    const payload = `  expected  a CSV file that can be read, at ~/none.csv
  got       none.csv
  hint      There is no such file. Paths are relative to the workload file.`;
    expect(failure(join(folder, 'poor.yml'))).toEqual({
      code: 'PAYLOAD_UNREADABLE',
      message: `~/poor.yml has a problem:\n\n~/poor.yml:4:18  payload.path\n${payload}`,
    });
    expect(failure(join(folder, 'wrong.yml'))).toEqual({
      code: 'WORKLOAD_INVALID',
      message: `~/wrong.yml has 2 problems:

~/wrong.yml:4:18  payload.path
${payload}

~/wrong.yml:5:7  seed
  expected  a whole number, 0 or more
  got       x`,
    });
  });
});
