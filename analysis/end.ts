// How a run came to its end, and what that leaves in doubt.

import type { Entry } from '../model/entry.ts';
import type { Doubt } from '../model/measure.ts';
import type { RunEnd } from '../model/report.ts';
import { isIn, type LostWorker } from '../model/shard.ts';
import type { Micros } from '../model/units.ts';

/** `at` is null when the record does not say. */
export interface End {
  readonly ended: RunEnd;
  readonly at: Micros | null;
  /** Workers lost on the way. Nothing of their users may be in the fold that is judged. */
  readonly missing: readonly LostWorker[];
}

/**
 * Whether an entry is of a lost worker or of its users. Some of those entries died with it, at another place in the record than in the
 * fold, so a run and its record tell the same only without any of them.
 */
export function leftOut({ missing }: Pick<End, 'missing'>, entry: Entry): boolean {
  if (missing.length === 0) return false;
  if (entry.kind === 'exchange') return missing.some(({ shard }) => isIn(shard, entry.user));
  return entry.kind === 'pulse' && missing.some(({ shard }) => shard.index === entry.worker);
}

/** All block: what is missing might have failed. */
export function endDoubts({ ended, missing }: End): readonly Doubt[] {
  return [...missing.map(workerLost), ...endedDoubts(ended)];
}

function workerLost({ shard: { index, of }, users, reason }: LostWorker): Doubt {
  const text =
    `Worker ${index + 1} of ${of} was lost (${reason}), and with it ${namesOf(index, of, users)}. Everything they met is left out of this ` +
    'report. Run again; if it happens again, take fewer users or give the machine more memory.';
  return { code: 'worker-lost', blocking: true, text };
}

/** `users 1, 4, 7 and so on, every 3rd: 333 of 1,000`. */
function namesOf(index: number, of: number, users: number | null): string {
  const first = [index, index + of, index + 2 * of].filter((user) => users === null || user < users);
  if (users === null) return `users ${first.join(', ')} and so on, one in ${of}`;
  const count = Math.max(0, Math.ceil((users - index) / of));
  const more = count > first.length ? ` and so on, one in ${of}` : '';
  return `users ${first.join(', ')}${more}: ${count.toLocaleString('en-US')} of ${users.toLocaleString('en-US')}`;
}

function endedDoubts(ended: RunEnd): readonly Doubt[] {
  if (ended === 'interrupted') {
    return [{ code: 'interrupted', blocking: true, text: 'The run was interrupted: this is what was measured until then.' }];
  }
  if (ended === 'broken') {
    const text = 'A process of the lab died though no fault asked for it. What users saw after that says nothing about the strategy.';
    return [{ code: 'lab-died', blocking: true, text }];
  }
  if (ended === 'cut') {
    return [
      {
        code: 'incomplete-record',
        blocking: true,
        text: 'The record has no end: the tool was killed, and what it had not yet written is missing.',
      },
    ];
  }
  return [];
}
