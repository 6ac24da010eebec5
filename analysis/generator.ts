// The analyzer of the generator itself: was it on time, and had it room to spare?

import type { Analyzer, Encoded } from '../model/analyzer.ts';
import type { Entry, Exchange, Pulse } from '../model/entry.ts';
import type { Doubt, Finding } from '../model/measure.ts';
import type { Setup } from '../model/setup.ts';
import { MILLISECOND } from '../model/units.ts';
import { decodeTimes, type EncodedColumn, eachUser, encodeColumn, newColumn, setTime, type TimeColumn, timeOf } from './flat/column.ts';
import {
  addDistribution,
  count,
  type Distribution,
  decodeDistribution,
  type EncodedDistribution,
  emptyDistribution,
  encodeDistribution,
} from './histogram.ts';
import { wilson } from './intervals.ts';
import { distribution } from './latency.ts';
import { fraction, number, sampled } from './measures.ts';
import { encoded, plain } from './plain.ts';

/** A request is late when the generator takes it up more than this after it could. */
const LATE = 10 * MILLISECOND;

/** Shares of late requests, by the low end of their interval, above which the tool doubts itself, and above which it does not trust its own result. */
const LATE_DOUBT = 0.01;
const LATE_BLOCK = 0.2;

/** Busy share of the event loop above which the generator is taken to be the bottleneck. */
const SATURATED = 0.9;

const MILLION = 1_000_000;

export interface GeneratorState {
  readonly setup: Setup;
  readonly lag: Distribution;
  late: number;
  sent: number;
  /** Of each worker, by its number, since run start. */
  unstarted: number[];
  /** Utilisation in millionths, so that sums are exact in any order. */
  busy: { sum: number; n: number; max: number };
  /** When each user's last exchange was done, by user. */
  readonly lastDone: TimeColumn;
}

/**
 * Lag is `asked` minus the later of due and the end of the user's previous request: neither a user who was kept waiting by the target nor
 * the time to open a connection is the generator's lateness.
 */
export const generator: Analyzer<GeneratorState> = {
  name: 'generator',
  init: (setup) => ({
    setup,
    lag: emptyDistribution(),
    late: 0,
    sent: 0,
    unstarted: [],
    busy: { sum: 0, n: 0, max: 0 },
    lastDone: newColumn(),
  }),
  step,
  merge,
  finish,
  encode: ({ setup: _, lag, lastDone, ...rest }) => ({
    ...encoded(rest),
    lag: encodeDistribution(lag),
    lastDone: encodeColumn(lastDone),
  }),
  decode,
};

function step(state: GeneratorState, entry: Entry): void {
  if (entry.kind === 'exchange') tally(state, entry);
  else if (entry.kind === 'pulse') beat(state, entry);
}

function tally(state: GeneratorState, exchange: Exchange): void {
  const free = Math.max(exchange.due, timeOf(state.lastDone, exchange.user));
  setTime(state.lastDone, exchange.user, exchange.done);
  const lag = Math.max(0, exchange.asked - free);
  count(state.lag, lag);
  state.sent += 1;
  if (lag > LATE) state.late += 1;
}

function beat(state: GeneratorState, pulse: Pulse): void {
  raise(state.unstarted, pulse.worker, pulse.unstarted);
  const busy = Math.round(pulse.utilisation * MILLION);
  state.busy = { sum: state.busy.sum + busy, n: state.busy.n + 1, max: Math.max(state.busy.max, busy) };
}

/** A count since run start never falls. */
function raise(unstarted: number[], worker: number, count: number): void {
  while (unstarted.length <= worker) unstarted.push(0);
  unstarted[worker] = Math.max(unstarted[worker] as number, count);
}

function merge(into: GeneratorState, from: GeneratorState): void {
  addDistribution(into.lag, from.lag);
  into.late += from.late;
  into.sent += from.sent;
  from.unstarted.forEach((unstarted, worker) => {
    raise(into.unstarted, worker, unstarted);
  });
  into.busy = { sum: into.busy.sum + from.busy.sum, n: into.busy.n + from.busy.n, max: Math.max(into.busy.max, from.busy.max) };
  eachUser(from.lastDone, (user, done) => setTime(into.lastDone, user, done));
}

function finish(state: GeneratorState): Finding {
  const { late, sent, busy } = state;
  const measures = [
    ...distribution('generator.lag', {}, state.lag, state.setup.quantiles, 'L0'),
    fraction('generator.late', {}, late, sent, wilson(late, sent), 'L0'),
    number('generator.unstarted', {}, busy.n === 0 ? null : unstartedIn(state)),
    sampled('generator.utilisation', { stat: 'mean' }, busy.n === 0 ? null : busy.sum / busy.n / MILLION, busy.n),
    sampled('generator.utilisation', { stat: 'max' }, busy.n === 0 ? null : busy.max / MILLION, busy.n),
  ];
  return { measures, evidence: [], doubts: doubts(state) };
}

/** Of all workers. */
function unstartedIn({ unstarted }: GeneratorState): number {
  return unstarted.reduce((sum, one) => sum + one, 0);
}

function doubts(state: GeneratorState): readonly Doubt[] {
  const { late, sent, busy } = state;
  const unstarted = unstartedIn(state);
  const found: Doubt[] = [];
  const least = wilson(late, sent)?.[0] ?? 0;
  if (least > LATE_DOUBT) found.push(lateSends(late / sent, least > LATE_BLOCK));
  if (unstarted > 0) {
    const text =
      `${unstarted} requests were due and never started: the load was lower than asked. Either the target kept users waiting (see ` +
      'latency.felt), or there were too few of them: raise users.count, or lower the rate.';
    found.push({ code: 'unstarted', blocking: true, text });
  }
  if (busy.n > 0 && busy.sum / busy.n > SATURATED * MILLION) {
    const busyShare = `${Math.round(busy.sum / busy.n / 10_000)} %`;
    const text = `The generator was busy ${busyShare} of the time and may have been the bottleneck. Lower the load, or give it more cores.`;
    found.push({ code: 'saturated', blocking: false, text });
  }
  return found;
}

function lateSends(share: number, blocking: boolean): Doubt {
  const text =
    `${(share * 100).toFixed(1)} % of the requests were taken up more than 10 ms late, by this machine's fault and not the target's. ` +
    'Felt latency includes that. Free the machine, or lower the load.';
  return { code: 'late-sends', blocking, text };
}

interface EncodedState extends Omit<GeneratorState, 'setup' | 'lag' | 'lastDone'> {
  readonly lag: EncodedDistribution;
  readonly lastDone: EncodedColumn;
}

function decode(setup: Setup, from: Encoded): GeneratorState {
  const { lag, lastDone, ...rest } = from as unknown as EncodedState;
  return { ...plain<typeof rest>(rest), setup, lag: decodeDistribution(lag), lastDone: decodeTimes(lastDone) };
}
