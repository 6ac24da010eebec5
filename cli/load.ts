// Brings the load of a run: in the main thread, or in workers.

import { fold } from '../analysis/all.ts';
import { runWorkload } from '../engine/run.ts';
import type { RunOptions } from '../engine/world.ts';
import type { Setup } from '../model/setup.ts';
import type { Workforce } from '../model/shard.ts';
import type { RecordWriter } from '../results/record/write-record.ts';
import { createPace, type Source } from './pace.ts';
import { createProgress, NO_PROGRESS, type Progress } from './progress.ts';
import { say } from './say.ts';
import { createTallies } from './tally.ts';
import { type Outcome, runInWorkers } from './workers/run-in-workers.ts';

export interface Load extends Omit<RunOptions, 'onEntry' | 'onStart'> {
  readonly setup: Setup;
  readonly workforce: Workforce;
  /** Keeps every exchange; null when nothing does. */
  readonly record: RecordWriter | null;
  /** No progress on stderr. */
  readonly quiet: boolean;
}

/** Resolves when the load is over. Rejects as `runWorkload` does. */
export function bringLoad(load: Load): Promise<Outcome> {
  const { as, count } = load.workforce;
  return as === 'main' ? alone(load) : together(load, as, count);
}

async function alone(load: Load): Promise<Outcome> {
  const { quiet, record } = load;
  const judged = fold(load.setup);
  const tallies = createTallies(judged);
  const progress = progressOf({ tally: async () => tallies.take(), faults: () => judged.timeline().faults }, quiet);
  try {
    const end = await runWorkload({
      ...load,
      onEntry: (entry) => {
        judged.step(entry);
        record?.entry(entry);
        if (!quiet) tallies.note(entry);
      },
      onStart: (live) => progress.begin(live),
    });
    return { end, judged, missing: [] };
  } finally {
    progress.end();
  }
}

async function together(load: Load, as: 'threads' | 'processes', count: number): Promise<Outcome> {
  const { quiet } = load;
  let progress = NO_PROGRESS;
  try {
    return await runInWorkers(as, {
      ...load,
      count,
      watched: !quiet,
      onTeam({ tally, marks }) {
        progress = progressOf({ tally, faults: () => marks.timeline().faults }, quiet);
      },
      onStart: (live) => progress.begin(live),
      onLost({ shard, reason }) {
        if (!quiet) say(`worker ${shard.index + 1} of ${shard.of} was lost (${reason}); the others go on`);
      },
    });
  } finally {
    progress.end();
  }
}

function progressOf(source: Source, quiet: boolean): Progress {
  return createProgress(createPace(source), quiet);
}
