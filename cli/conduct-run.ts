// Puts the rooms together for one run: ground, engine, analysis, record and report.

import { makeReport } from '../analysis/report.ts';
import { ceilingOf } from '../engine/ceiling.ts';
import { checkLimits } from '../engine/limits.ts';
import { copyDisguised } from '../lab/access-log.ts';
import type { RunHeader } from '../model/record.ts';
import type { Report } from '../model/report.ts';
import type { Workforce } from '../model/shard.ts';
import type { Workload } from '../model/workload.ts';
import { createRecord, type RecordWriter } from '../results/record/write-record.ts';
import { copyLogs, createRunFolder, writeReports } from '../results/run-folder.ts';
import { hideSecrets, hideUrl } from '../workloads/hide-secrets.ts';
import { writeWorkload } from '../workloads/write-workload.ts';
import { headerOf } from './frame.ts';
import { type Ground, type LabChoice, prepareGround } from './ground.ts';
import { bringLoad } from './load.ts';
import { say } from './say.ts';
import { version } from './version.ts';
import type { Outcome } from './workers/run-in-workers.ts';
import { type Asked, chooseWorkforce, circumstancesOf } from './workers/workforce.ts';

export interface Conduct {
  readonly choice: LabChoice;
  /** Folder that holds the run folders. */
  readonly out: string;
  /** Keep every exchange. */
  readonly record: boolean;
  /** Measure the target's raw throughput first. */
  readonly ceiling: boolean;
  readonly workers: Asked;
  /** Send when it is due to the microsecond. */
  readonly precise: boolean;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

export interface Conducted {
  readonly report: Report;
  /** The run folder, absolute. */
  readonly folder: string;
  /** What went wrong though the run came to its end: the lab died, or the disk was full. Null when nothing did. */
  readonly trouble: Error | null;
}

/** Runs a workload from its ground to its report. Whatever happens, the lab is stopped and its logs are kept. */
export async function conductRun(workload: Workload, conduct: Conduct): Promise<Conducted> {
  if (!conduct.quiet) say(`${workload.name}: ${workload.target.kind === 'lab' ? 'starting the lab' : 'trying the target'}`);
  const ground = await prepareGround(workload, conduct.choice, conduct.signal);
  if (!conduct.quiet) say(`${ground.kind === 'own' ? 'target' : `${ground.kind} lab`} at ${hideUrl(ground.url)} (${ground.reason})`);
  try {
    return await onGround(workload, ground, conduct);
  } finally {
    await ground.stop();
  }
}

async function onGround(workload: Workload, ground: Ground, conduct: Conduct): Promise<Conducted> {
  const { quiet, precise, signal } = conduct;
  if (conduct.ceiling && !quiet) say('measuring the ceiling: raw throughput without users');
  const ceiling = conduct.ceiling ? await ceilingOf(workload, ground.plainUrl) : null;
  const workforce = workforceOf(workload, ground, conduct);
  for (const warning of await checkLimits(workload, workforce)) say(warning);
  const startedAt = new Date().toISOString();
  const versions = { stickybench: version(), node: process.versions.node };
  const header = headerOf(workload, ground, { startedAt, versions, ceiling, workforce });
  const folder = createRunFolder({ root: conduct.out, name: workload.name, startedAt, workload: writeWorkload(hideSecrets(workload)) });
  const record = conduct.record ? createRecord(folder, header, workforce.count) : null;
  try {
    await record?.ready();
    const outcome = await bringLoad({ ...ground, workload, setup: header.setup, workforce, record, precise, quiet, signal });
    return await conclude(header, outcome, { death: ground.died(), record, folder });
  } finally {
    copyLogs(folder, ground.logs, copyDisguised);
  }
}

function workforceOf(workload: Workload, ground: Ground, { workers, quiet }: Conduct): Workforce {
  const { workforce, why } = chooseWorkforce(workers, circumstancesOf(workload, ground.url));
  if (!quiet && (workers === 'auto' || workforce.count > 1)) say(why);
  return workforce;
}

interface Ending {
  /** Why the lab gave way; null when it held. */
  readonly death: Error | null;
  readonly record: RecordWriter | null;
  readonly folder: string;
}

/** Judges and writes. The report is made whatever happens to the disk: an hour of measuring is not lost to a full one. */
async function conclude(header: RunHeader, { end, judged, missing }: Outcome, { death, record, folder }: Ending): Promise<Conducted> {
  const at = judged.timeline().last;
  const ended = death !== null && end === 'finished' ? 'broken' : end;
  const report = makeReport(header, judged, { ended, at, missing });
  const recorded = await trouble(async () => record?.close({ kind: 'end', at, ended, missing }));
  const written = await trouble(async () => writeReports(folder, report));
  return { report, folder, trouble: death ?? recorded ?? written };
}

async function trouble(work: () => Promise<void> | undefined): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
