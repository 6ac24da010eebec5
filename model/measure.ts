// What analysis says: measures, evidence, doubts and verdicts.

import type { MeasureName, Unit } from './catalogue.ts';
import type { Micros } from './units.ts';

export type Verdict = 'pass' | 'fail' | 'unknown';

/**
 * How much of the system must be seen to claim the number. L0: status, time, Set-Cookie. L1: and the backend's name.
 * L2: and what a lost session looks like. L3: the cooperative page with its five headers.
 */
export type Sight = 'L0' | 'L1' | 'L2' | 'L3';

/** Whether the value is the truth, or known to be at most or at least it. */
export type Bound = 'exact' | 'lower' | 'upper' | 'not observable';

/** One self-describing number. A printer needs nothing else. */
export interface Measure {
  readonly name: MeasureName;
  readonly labels: Readonly<Record<string, string>>;
  /** Null when nothing was observed; never 0 for that. */
  readonly value: number | null;
  readonly unit: Unit;
  /** Number of observations the value rests on. */
  readonly n: number | null;
  /** 95 per cent confidence, low and high. */
  readonly interval: readonly [number, number] | null;
  readonly sight: Sight;
  readonly bound: Bound;
}

/** A few exchanges told as a sentence that a person can check against the record. */
export interface Evidence {
  readonly measure: MeasureName;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: number;
  readonly at: Micros;
  readonly text: string;
}

/** The tool's own doubt about its result. A blocking doubt turns pass into unknown, never into fail. */
export interface Doubt {
  readonly code: DoubtCode;
  readonly blocking: boolean;
  /** What happened, what it may mean, what to do. */
  readonly text: string;
}

export type DoubtCode =
  | 'no-requests'
  | 'no-thresholds'
  | 'late-sends'
  | 'unstarted'
  | 'saturated'
  | 'few-samples'
  | 'no-backend'
  | 'no-session'
  | 'fault-failed'
  | 'interrupted'
  | 'lab-died'
  | 'worker-lost'
  | 'incomplete-record';

/** What one analyzer found. */
export interface Finding {
  readonly measures: readonly Measure[];
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly Doubt[];
}
