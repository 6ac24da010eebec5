// Runs a workload in several workers, and puts together what they found.

import { randomBytes } from 'node:crypto';
import { type Fold, fold } from '../../analysis/all.ts';
import { coordinate } from '../../engine/coordinate.ts';
import { crowd } from '../../engine/plan/population.ts';
import { timetable } from '../../engine/plan/timetable.ts';
import type { RunOptions } from '../../engine/world.ts';
import type { Encoded } from '../../model/analyzer.ts';
import type { FaultEvent } from '../../model/entry.ts';
import type { RunEnd } from '../../model/report.ts';
import type { Setup } from '../../model/setup.ts';
import type { LostWorker, Shard } from '../../model/shard.ts';
import type { Workload } from '../../model/workload.ts';
import type { RecordWriter } from '../../results/record/write-record.ts';
import { sumOf, type Tally } from '../tally.ts';
import { type OpenLink, workerModule } from './link.ts';
import { openProcess } from './process.ts';
import { type Employed, employ } from './remote.ts';
import { openThread } from './thread.ts';

export interface WorkersOptions extends Omit<RunOptions, 'onEntry'> {
  /** Facts for judging. */
  readonly setup: Setup;
  readonly count: number;
  /** Takes the batches of each worker, and the end of each; null when no exchange is kept. */
  readonly record: Pick<RecordWriter, 'take' | 'end'> | null;
  /** Somebody will ask for tallies. */
  readonly watched: boolean;
  /** Called once, when all workers have been taken on. */
  readonly onTeam: (team: Team) => void;
  /** A worker is lost. The others go on. */
  readonly onLost: (lost: LostWorker) => void;
}

/** The workers of a run, as the one who shows its progress sees them. */
interface Team {
  /** The sum over all workers since it was last asked for. */
  tally(): Promise<Tally>;
  /** A fold of the marks alone, so far. */
  readonly marks: Pick<Fold, 'timeline'>;
}

export interface Outcome {
  readonly end: RunEnd;
  /** All that the workers judged, merged. Nothing of the users of lost workers is in it. */
  readonly judged: Fold;
  readonly missing: readonly LostWorker[];
}

/**
 * Runs a workload in workers that are threads of this process, or processes of their own. Resolves as `runWorkload` does, when every worker
 * has given its state or is lost; by then all of them are gone. Rejects with what kept one of them from running; then all the others are
 * ended.
 */
export function runInWorkers(as: 'threads' | 'processes', options: WorkersOptions): Promise<Outcome> {
  const module = workerModule();
  return runOverLinks((ear) => (as === 'threads' ? openThread(module, ear) : openProcess(module, ear)), options);
}

/** The same, with workers at the other end of whatever `openLink` opens. */
export async function runOverLinks(openLink: OpenLink, options: WorkersOptions): Promise<Outcome> {
  const { workload, setup, count, onTeam, onLost } = options;
  const key = randomBytes(32);
  const users = numbered(workload);
  const lostOf = (shard: Shard, reason: string): LostWorker => ({ shard, users, reason });
  const workers = Array.from({ length: count }, (_, index) => {
    const { url, identify, precise, watched, record } = options;
    const shard = { index, of: count };
    return employ(
      openLink,
      { workload, url, identify, precise, setup, shard, key, watched, recorded: record !== null },
      {
        onBatch: (batch) => record?.take(index, batch),
        onLost: (reason) => onLost(lostOf(shard, reason)),
        onLeft: () => record?.end(index),
      },
    );
  });
  const marks = fold(setup);
  onTeam({ marks, tally: () => tallyOf(workers) });
  try {
    await Promise.all(workers.map(({ ready }) => ready));
    const end = await coordinate({ ...options, workers, onMark: (mark: FaultEvent) => marks.step(mark) });
    const states = await Promise.all(workers.map((worker) => worker.dismiss()));
    const missing = workers.flatMap(({ shard, lost }) => (lost === null ? [] : [lostOf(shard, lost)]));
    return { end, judged: mergeOf(setup, states), missing };
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

/** How many users a closed model has; null where they are numbered as they arrive. */
function numbered({ phases }: Workload): number | null {
  return phases.some(({ model }) => model === 'open') ? null : crowd(timetable(phases));
}

async function tallyOf(workers: readonly Employed[]): Promise<Tally> {
  const tallies = await Promise.all(workers.map((worker) => worker.look()));
  return sumOf(tallies.filter((tally) => tally !== null));
}

/** States are merged in the order of the shards, so that the same states make the same report. */
function mergeOf(setup: Setup, states: readonly (Encoded | null)[]): Fold {
  const judged = fold(setup);
  for (const state of states) if (state !== null) judged.merge(state);
  return judged;
}
