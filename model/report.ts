// Everything a run has to say, as data. Screens, files and pages are drawn from this alone.

import type { FaultKind } from './entry.ts';
import type { Doubt, Evidence, Measure, Verdict } from './measure.ts';
import type { Setup } from './setup.ts';
import type { Workforce } from './shard.ts';
import type { Threshold } from './threshold.ts';
import type { Micros } from './units.ts';

/** Version of the JSON form of a report. Rises when a reader of the old form would misread the new one. */
export const REPORT_VERSION = 1;

export interface Report {
  readonly version: typeof REPORT_VERSION;
  readonly verdict: Verdict;
  /** The result in one sentence. */
  readonly answer: string;
  readonly run: RunIdentity;
  readonly setup: Setup;
  readonly thresholds: readonly ThresholdResult[];
  readonly measures: readonly Measure[];
  readonly faults: readonly FaultSummary[];
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly Doubt[];
}

/** What was run, on what. */
export interface RunIdentity {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  readonly users: number;
  /** `embedded`, `real`, or `own` for the user's own deployment. */
  readonly lab: LabKind;
  /** Why this lab was taken. */
  readonly labReason: string;
  readonly target: string;
  /** Program name to version: stickybench, node, nginx, tomcat, java, redis. */
  readonly versions: Readonly<Record<string, string>>;
  /** Wall clock of run start, ISO 8601 UTC. */
  readonly startedAt: string;
  readonly workers: Workforce;
  /** Entries end here, since run start. */
  readonly duration: Micros;
  readonly ended: RunEnd;
  readonly ceiling: Ceiling | null;
}

export type LabKind = 'embedded' | 'real' | 'own';

/** `interrupted`: by Ctrl-C. `broken`: a process of the lab died that nobody had hurt. `cut`: the record has no end, the tool was killed. */
export type RunEnd = 'finished' | 'interrupted' | 'broken' | 'cut';

/** How fast the target answers one bare request again and again, without users. */
export interface Ceiling {
  readonly tool: string;
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly p50: Micros;
  readonly p99: Micros;
}

export interface ThresholdResult {
  readonly threshold: Threshold;
  readonly verdict: Verdict;
  /** What was measured, null when not observable. */
  readonly value: number | null;
  /** Why, when not a plain comparison: `no samples`, `interval includes the limit`. */
  readonly reason: string;
}

export interface FaultSummary {
  readonly fault: number;
  readonly action: FaultKind;
  readonly target: string;
  readonly began: Micros;
  readonly ending: Micros | null;
  readonly ended: Micros | null;
  readonly detail: string;
}
