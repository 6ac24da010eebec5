// How long `stickybench analyze` takes over a record, and how much memory.

import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf, memoryOf } from '../rig/process-tree.ts';
import type { Judged } from './document.ts';
import { rowsIn } from './record.ts';

/** Judges the record in a run folder again. Throws, with the command's own words, when it cannot. */
export async function judgeAgain(what: string, run: string, dist: string): Promise<Judged> {
  const before = readFileSync(join(run, 'report.json'), 'utf8');
  const words = await open(join(run, '..', 'words.log'), 'w');
  const began = performance.now();
  const child = spawn(process.execPath, [join(dist, 'cli/main.js'), 'analyze', run], { stdio: ['ignore', 'ignore', words.fd] });
  const used = { cpu: 0, peak: 0 };
  const { pid } = child;
  while (pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const { peak } = memoryOf(pid);
    if (peak > 0) Object.assign(used, { cpu: cpuOf(pid), peak: Math.max(used.peak, peak) });
    await sleep(20);
  }
  const seconds = (performance.now() - began) / 1000;
  await words.close();
  if (child.exitCode === 3 || child.exitCode === null)
    throw new Error(`analyze failed: ${readFileSync(join(run, '..', 'words.log'), 'utf8')}`);
  const after = readFileSync(join(run, 'report.json'), 'utf8');
  const { size } = statSync(join(run, 'exchanges.parquet'));
  return { what, rows: await rowsIn(run), size, seconds, ...used, same: after === before };
}
