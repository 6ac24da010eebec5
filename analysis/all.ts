// Every analyzer, in the order in which their measures are reported; and the fold that runs them side by side.

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import type { Entry } from '../model/entry.ts';
import type { Finding } from '../model/measure.ts';
import type { Setup } from '../model/setup.ts';
import { type BalanceState, balance } from './balance.ts';
import { type GeneratorState, generator } from './generator.ts';
import { type LatencyState, latency } from './latency.ts';
import { type LeaksState, leaks } from './leaks/leaks.ts';
import { type RequestsState, requests } from './requests.ts';
import { sessions } from './sessions/sessions.ts';
import type { SessionsState } from './sessions/state.ts';
import { type TimelineState, timeline } from './timeline.ts';

/** The registry. To add an analyzer, add it here and in `stepAll`. */
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
  const states = Object.fromEntries(EACH.map((one) => [one.name, started(one, setup, from)])) as unknown as States;
  return {
    step: (entry) => stepAll(states, entry),
    merge: (other) => {
      for (const one of EACH) one.merge(stateOf(states, one), one.decode(setup, named(other, one.name)));
    },
    finish: (only) => together(EACH.filter(({ name }) => only?.includes(name) ?? true).map((one) => one.finish(stateOf(states, one)))),
    timeline: () => states.timeline,
    encode: () => Object.fromEntries(EACH.map((one) => [one.name, one.encode(stateOf(states, one))])),
  };
}

/** By the names of the analyzers. */
interface States {
  readonly requests: RequestsState;
  readonly sessions: SessionsState;
  readonly leaks: LeaksState;
  readonly latency: LatencyState;
  readonly balance: BalanceState;
  readonly generator: GeneratorState;
  readonly timeline: TimelineState;
}

const EACH = ANALYZERS as unknown as readonly Analyzer<unknown>[];

/** Written out, because what is called in a loop over the registry is not put in place by the compiler: that took a sixth of the time. */
function stepAll(states: States, entry: Entry): void {
  requests.step(states.requests, entry);
  sessions.step(states.sessions, entry);
  leaks.step(states.leaks, entry);
  latency.step(states.latency, entry);
  balance.step(states.balance, entry);
  generator.step(states.generator, entry);
  timeline.step(states.timeline, entry);
}

function started(one: Analyzer<unknown>, setup: Setup, from: Encoded | null): unknown {
  return from === null ? one.init(setup) : one.decode(setup, named(from, one.name));
}

function stateOf(states: States, { name }: Analyzer<unknown>): unknown {
  return (states as unknown as Readonly<Record<string, unknown>>)[name];
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
