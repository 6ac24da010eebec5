// The analyzer of balance: how evenly the load lies on the backends, before, during and after the faults.

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import type { Entry, Exchange } from '../model/entry.ts';
import type { Finding, Measure } from '../model/measure.ts';
import { isWarmup, type Setup, settleOf } from '../model/setup.ts';
import { type FaultLog, noteFault, WINDOWS, type Window, windowAt } from './fault-log.ts';
import { decodeInts, type EncodedColumn, eachUser, encodeColumn, type IntColumn, intOf, newColumn, setInt } from './flat/column.ts';
import { codeOf, type Names, namesOf } from './flat/names.ts';
import { number, sampled } from './measures.ts';
import { encoded, plain } from './plain.ts';

type Span = Window | 'whole';

export interface BalanceState {
  readonly setup: Setup;
  faults: FaultLog;
  readonly names: Names;
  /** Answered requests per backend, by its number. */
  readonly requests: Record<Window, number[]>;
  /** Per user the backends that answered him, as bits by their numbers: the first `BITS` in the first column, and so on. */
  readonly users: Record<Window, IntColumn[]>;
  /** How many users each backend answered, by its number: at the end nobody has to go through the users. */
  readonly holders: Record<Span, number[]>;
}

export const balance: Analyzer<BalanceState> = {
  name: 'balance',
  init,
  step,
  merge,
  finish,
  encode,
  decode,
};

function init(setup: Setup): BalanceState {
  return {
    setup,
    faults: [],
    names: namesOf(setup.backends),
    requests: { before: [], during: [], after: [] },
    users: { before: [], during: [], after: [] },
    holders: { before: [], during: [], after: [], whole: [] },
  };
}

function step(state: BalanceState, entry: Entry): void {
  if (entry.kind === 'fault') noteFault(state.faults, entry);
  else if (entry.kind === 'exchange') tally(state, entry);
}

function tally(state: BalanceState, { outcome, user, done, phase }: Exchange): void {
  if (outcome.kind !== 'answered' || outcome.backend === null || isWarmup(state.setup, phase)) return;
  const window = windowAt(state.faults, done, settleOf(state.setup));
  const backend = codeOf(state.names, outcome.backend);
  add(state.requests[window], backend, 1);
  mark(state, window, user, backend);
}

const BITS = 30;

function add(counts: number[], place: number, n: number): void {
  while (counts.length <= place) counts.push(0);
  counts[place] = (counts[place] as number) + n;
}

/** Notes that a backend answered a user, and counts him when it had not yet. */
function mark({ users, holders }: BalanceState, window: Window, user: number, backend: number): void {
  const place = Math.floor(backend / BITS);
  const bit = 1 << (backend % BITS);
  const column = columnAt(users[window], place);
  const known = intOf(column, user);
  if ((known & bit) !== 0) return;
  add(holders[window], backend, 1);
  if (!WINDOWS.some((one) => (intOf(columnAt(users[one], place), user) & bit) !== 0)) add(holders.whole, backend, 1);
  setInt(column, user, known | bit);
}

function columnAt(columns: IntColumn[], place: number): IntColumn {
  while (columns.length <= place) columns.push(newColumn());
  return columns[place] as IntColumn;
}

function merge(into: BalanceState, from: BalanceState): void {
  if (from.faults.length > into.faults.length) into.faults = from.faults;
  const codes = from.names.texts.map((name) => codeOf(into.names, name));
  for (const window of WINDOWS) {
    from.requests[window].forEach((n, backend) => {
      add(into.requests[window], codes[backend] as number, n);
    });
    from.users[window].forEach((column, place) => {
      eachUser(column, (user, bits) => {
        for (let bit = 0; bit < BITS; bit += 1)
          if ((bits & (1 << bit)) !== 0) mark(into, window, user, codes[place * BITS + bit] as number);
      });
    });
  }
}

function finish(state: BalanceState): Finding {
  const names = [...state.names.texts].sort();
  const measures = (['requests', 'users'] as const).flatMap((by) => {
    const spans: readonly Span[] = state.faults.length === 0 ? ['whole'] : ['whole', ...WINDOWS];
    return spans.flatMap((window) => describe(by, window, names, loads(state, by, window, names)));
  });
  return { measures, evidence: [], doubts: [] };
}

function loads(
  { names, requests, holders }: BalanceState,
  by: 'requests' | 'users',
  span: Span,
  listed: readonly string[],
): readonly number[] {
  const codes = listed.map((name) => codeOf(names, name));
  if (by === 'users') return codes.map((code) => holders[span][code] ?? 0);
  const windows = span === 'whole' ? WINDOWS : [span];
  return codes.map((code) => windows.reduce((sum, window) => sum + (requests[window][code] ?? 0), 0));
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

interface EncodedState {
  readonly faults: FaultLog;
  readonly names: readonly string[];
  readonly requests: Record<Window, number[]>;
  readonly holders: Record<Span, number[]>;
  readonly users: Readonly<Record<Window, readonly EncodedColumn[]>>;
}

function encode({ faults, names, requests, users, holders }: BalanceState): Encoded {
  const columns = (window: Window) => users[window].map(encodeColumn);
  return {
    ...encoded({ faults, names: names.texts, requests, holders }),
    users: { before: columns('before'), during: columns('during'), after: columns('after') },
  };
}

function decode(setup: Setup, from: Encoded): BalanceState {
  const { users, ...rest } = from as unknown as EncodedState;
  const { names, ...counts } = plain<typeof rest>(rest);
  const columns = (window: Window) => users[window].map(decodeInts);
  return {
    ...counts,
    setup,
    names: namesOf(names),
    users: { before: columns('before'), during: columns('during'), after: columns('after') },
  };
}
