// What the exit code of the process says.

import type { Report } from '../model/report.ts';

export const COULD_NOT_RUN = 3;
export const INTERRUPTED = 130;

/** For the help texts. */
export const EXIT_CODES = `Exit codes: 0 pass, 1 fail, 2 unknown, 3 could not run, 130 interrupted (the report so far is still written).
The report goes to stdout, everything else to stderr. NO_COLOR is respected.`;

/** 0 pass, 1 fail, 2 unknown; 130 when the run was interrupted, whatever its verdict so far. */
export function exitCode({ verdict, run }: Report): number {
  if (run.ended === 'interrupted') return INTERRUPTED;
  return { pass: 0, fail: 1, unknown: 2 }[verdict];
}
