// A workload from a file.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StickyError } from '../model/errors.ts';
import type { Workload } from '../model/workload.ts';
import { parseWorkload } from './parse-workload.ts';
import { formatProblems } from './problems/problem.ts';

/**
 * Reads a workload and the CSV files it names. Paths in the result are absolute.
 * @throws StickyError WORKLOAD_NOT_FOUND, WORKLOAD_INVALID, or PAYLOAD_UNREADABLE when unreadable CSV files are all that is wrong. The message
 * holds every problem, ready to print.
 */
export function loadWorkload(path: string): Workload {
  const parsed = parseWorkload(readWorkloadText(path), path, (file) => readFileSync(file, 'utf8'));
  if ('workload' in parsed) return absolute(parsed.workload, path);
  const { problems } = parsed;
  const code = problems.every((problem) => problem.code === 'PAYLOAD_UNREADABLE') ? 'PAYLOAD_UNREADABLE' : 'WORKLOAD_INVALID';
  throw new StickyError(code, formatProblems(path, problems));
}

function readWorkloadText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const reason = code === 'EISDIR' ? 'is a folder' : code === 'ENOENT' ? 'does not exist' : `cannot be read (${String(code)})`;
    throw new StickyError('WORKLOAD_NOT_FOUND', `${path} ${reason}.`);
  }
}

function absolute(workload: Workload, path: string): Workload {
  const { http, payload } = workload;
  return {
    ...workload,
    http: { ...http, ca: http.ca === null ? null : resolve(dirname(path), http.ca) },
    payload: payload.map((one) => ({ ...one, path: resolve(one.path) })),
  };
}
