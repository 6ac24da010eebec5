// The analyzer of balance: how evenly the load lies on the backends, before, during and after the faults.

import type { Analyzer } from '../model/analyzer.ts';
import type { Entry, Exchange } from '../model/entry.ts';
import type { Finding, Measure } from '../model/measure.ts';
import { isWarmup, type Setup, settleOf } from '../model/setup.ts';
import { type FaultLog, noteFault, WINDOWS, type Window, windowAt } from './fault-log.ts';
import { number, sampled } from './measures.ts';
import { encoded, plain } from './plain.ts';

type Load = Record<string, number>;

/** Plain data but for `setup`. */
export interface BalanceState {
  readonly setup: Setup;
  faults: FaultLog;
  /** Answered requests per backend. */
  requests: Record<Window, Load>;
  /** Per user the backends that answered him, as bits by their place in `names`. */
  users: Record<Window, Record<string, number>>;
  names: string[];
}

export const balance: Analyzer<BalanceState> = {
  name: 'balance',
  init,
  step,
  merge,
  finish,
  encode: ({ setup: _, ...state }) => encoded(state),
  decode: (setup, from) => ({ ...plain<BalanceState>(from), setup }),
};

function init(setup: Setup): BalanceState {
  return {
    setup,
    faults: [],
    requests: { before: {}, during: {}, after: {} },
    users: { before: {}, during: {}, after: {} },
    names: [...setup.backends],
  };
}

function step(state: BalanceState, entry: Entry): void {
  if (entry.kind === 'fault') noteFault(state.faults, entry);
  else if (entry.kind === 'exchange') tally(state, entry);
}

function tally(state: BalanceState, { outcome, user, done, phase }: Exchange): void {
  if (outcome.kind !== 'answered' || outcome.backend === null || isWarmup(state.setup, phase)) return;
  const window = windowAt(state.faults, done, settleOf(state.setup));
  const load = state.requests[window];
  load[outcome.backend] = (load[outcome.backend] ?? 0) + 1;
  const users = state.users[window];
  users[user] = (users[user] ?? 0) | bitOf(state.names, outcome.backend);
}

/** Backends beyond the thirtieth share the last bit: user counts are then for that group. */
function bitOf(names: string[], backend: string): number {
  let index = names.indexOf(backend);
  if (index < 0) index = names.push(backend) - 1;
  return 1 << Math.min(index, 30);
}

function merge(into: BalanceState, from: BalanceState): void {
  if (from.faults.length > into.faults.length) into.faults = from.faults;
  for (const window of WINDOWS) {
    for (const [backend, n] of Object.entries(from.requests[window])) {
      into.requests[window][backend] = (into.requests[window][backend] ?? 0) + n;
    }
    for (const [user, bits] of Object.entries(from.users[window])) {
      into.users[window][user] = (into.users[window][user] ?? 0) | translate(bits, from.names, into.names);
    }
  }
}

/** Bits by the place in one list of names, as bits by the place in another. */
function translate(bits: number, from: readonly string[], to: string[]): number {
  return from.reduce((all, name, index) => (bits & (1 << Math.min(index, 30)) ? all | bitOf(to, name) : all), 0);
}

function finish(state: BalanceState): Finding {
  const names = [...state.names].sort();
  const measures = (['requests', 'users'] as const).flatMap((by) => {
    const windows = WINDOWS.map((window): [string, number[]] => [window, loads(state, by, [window], names)]);
    const whole: [string, number[]] = ['whole', loads(state, by, WINDOWS, names)];
    const shown = state.faults.length === 0 ? [whole] : [whole, ...windows];
    return shown.flatMap(([window, load]) => describe(by, window, names, load));
  });
  return { measures, evidence: [], doubts: [] };
}

function loads(state: BalanceState, by: 'requests' | 'users', windows: readonly Window[], names: readonly string[]): number[] {
  if (by === 'requests') return names.map((name) => windows.reduce((sum, window) => sum + (state.requests[window][name] ?? 0), 0));
  const users: Record<string, number> = {};
  for (const window of windows) for (const [user, bits] of Object.entries(state.users[window])) users[user] = (users[user] ?? 0) | bits;
  return names.map((name) => Object.values(users).filter((bits) => (bits & bitOf(state.names, name)) !== 0).length);
}

/** SEMANTICS of load(b): peak to mean, coefficient of variation, Jain's index (sum² / (N · sum of squares)), N / peak to mean. */
function describe(by: string, window: string, names: readonly string[], load: readonly number[]): readonly Measure[] {
  const n = load.reduce((a, b) => a + b, 0);
  const labels = { by, window };
  const perBackend = names.map((backend, i) => number('balance.load', { ...labels, backend }, n === 0 ? null : (load[i] ?? 0), 'L1'));
  const mean = n / load.length;
  const squares = load.reduce((sum, one) => sum + one * one, 0);
  const peak = Math.max(...load) / mean;
  const told = (value: number): number | null => (n === 0 ? null : value);
  return [
    ...perBackend,
    sampled('balance.peak_to_mean', labels, told(peak), n, 'L1'),
    sampled('balance.cv', labels, told(Math.sqrt(Math.max(0, squares / load.length - mean * mean)) / mean), n, 'L1'),
    sampled('balance.jain', labels, told((n * n) / (load.length * squares)), n, 'L1'),
    sampled('balance.effective_nodes', labels, told(load.length / peak), n, 'L1'),
  ];
}
