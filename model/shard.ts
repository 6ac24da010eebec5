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
