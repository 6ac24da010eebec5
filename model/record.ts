// What a record holds besides exchanges: enough to judge it again without the workload.

import type { RunEnd, RunIdentity } from './report.ts';
import type { Setup } from './setup.ts';
import type { LostWorker } from './shard.ts';
import type { Threshold } from './threshold.ts';
import type { Micros } from './units.ts';

/** The first line of `events.ndjson`. */
export interface RunHeader {
  readonly kind: 'run';
  readonly identity: Omit<RunIdentity, 'duration' | 'ended'>;
  readonly setup: Setup;
  readonly thresholds: readonly Threshold[];
}

/** The last line of `events.ndjson`; a record without it was cut. */
export interface RunFooter {
  readonly kind: 'end';
  readonly at: Micros;
  readonly ended: RunEnd;
  /** Workers lost on the way. What their users met is left out of the report; the record may hold some of it. */
  readonly missing: readonly LostWorker[];
}
