// What the exit code of the process says.

import type { Report } from '../model/report.ts';

export const COULD_NOT_RUN = 3;
export const INTERRUPTED = 130;

/** 0 pass, 1 fail, 2 unknown; 130 when the run was interrupted, whatever its verdict so far. */
export function exitCode({ verdict, run }: Report): number {
  if (run.ended === 'interrupted') return INTERRUPTED;
  return { pass: 0, fail: 1, unknown: 2 }[verdict];
}
