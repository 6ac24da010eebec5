// Every analyzer, in the order in which their measures are reported; and the fold that runs them side by side.

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import type { Entry } from '../model/entry.ts';
import type { Finding } from '../model/measure.ts';
import type { Setup } from '../model/setup.ts';
import { balance } from './balance.ts';
import { generator } from './generator.ts';
import { latency } from './latency.ts';
import { leaks } from './leaks.ts';
import { requests } from './requests.ts';
import { sessions } from './sessions/sessions.ts';
import { type TimelineState, timeline } from './timeline.ts';

/** The registry. To add an analyzer, add it here. */
export const ANALYZERS = [requests, sessions, leaks, latency, balance, generator, timeline] as const;

/** All analyzers at work on one history. */
export interface Fold {
  step(entry: Entry): void;
  /** Adds the work of another fold of the same setup over other users. */
  merge(other: Encoded): void;
  /** What all analyzers find, or only those named. */
  finish(only?: readonly string[]): Finding;
  /** The faults so far, and the instant of the last entry. */
  timeline(): Readonly<TimelineState>;
  encode(): Encoded;
}

/** Starts a fold, from nothing or from an encoded one. */
export function fold(setup: Setup, from: Encoded | null = null): Fold {
  const parts = ANALYZERS.map((analyzer) => part(analyzer as Analyzer<unknown>, setup, from === null ? null : named(from, analyzer.name)));
  return {
    step: (entry) => {
      for (const one of parts) one.step(entry);
    },
    merge: (other) => {
      for (const one of parts) one.merge(named(other, one.name));
    },
    finish: (only) => together(parts.filter(({ name }) => only?.includes(name) ?? true).map((one) => one.finish())),
    timeline: () => parts.find((one) => one.name === timeline.name)?.state as TimelineState,
    encode: () => Object.fromEntries(parts.map((one) => [one.name, one.encode()])),
  };
}

interface Part extends Omit<Fold, 'timeline' | 'finish'> {
  readonly name: string;
  readonly state: unknown;
  finish(): Finding;
}

function part<State>(analyzer: Analyzer<State>, setup: Setup, from: Encoded | null): Part {
  const state = from === null ? analyzer.init(setup) : analyzer.decode(setup, from);
  return {
    name: analyzer.name,
    state,
    step: (entry) => analyzer.step(state, entry),
    merge: (other) => analyzer.merge(state, analyzer.decode(setup, other)),
    finish: () => analyzer.finish(state),
    encode: () => analyzer.encode(state),
  };
}

function named(encoded: Encoded, name: string): Encoded {
  const value = (encoded as { readonly [key: string]: Encoded })[name];
  if (value === undefined) throw new Error(`no state of analyzer ${name}`);
  return value;
}

function together(findings: readonly Finding[]): Finding {
  return {
    measures: findings.flatMap((finding) => finding.measures),
    evidence: findings.flatMap((finding) => finding.evidence),
    doubts: findings.flatMap((finding) => finding.doubts),
  };
}
