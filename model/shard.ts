// How the users of a run are dealt out to its workers.

/** One worker's part: the users whose number leaves `index` when divided by `of`. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  /** How many workers there are. */
  readonly of: number;
}

/** The only worker has everybody. */
export const WHOLE: Shard = { index: 0, of: 1 };

/** Whether the user of this number is in the shard. Every user is in exactly one shard of a run. */
export function isIn({ index, of }: Shard, user: number): boolean {
  return user % of === index;
}

/** Who makes the load of a run: the main thread by itself, or so many workers, as threads or as processes of their own. */
export interface Workforce {
  readonly count: number;
  readonly as: 'main' | 'threads' | 'processes';
}

/** The main thread does it all. */
export const ALONE: Workforce = { count: 1, as: 'main' };

/** A worker that was lost before the end of the run, and the users it took with it. */
export interface LostWorker {
  readonly shard: Shard;
  /** Users of the whole run, of whom the shard has its share; null where they are numbered as they arrive. */
  readonly users: number | null;
  /** How it was lost: `exit code 1`, `SIGKILL`. */
  readonly reason: string;
}
