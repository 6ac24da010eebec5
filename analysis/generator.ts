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

/** `busy` is utilisation in millionths, so that sums are exact in any order. */
interface Heart {
  /** Since run start. */
  unstarted: number;
  busy: number;
  busiest: number;
  pulses: number;
}

export interface GeneratorState {
  readonly setup: Setup;
  readonly lag: Distribution;
  late: number;
  sent: number;
  /** What the pulses of each worker said, by its number. */
  readonly workers: Heart[];
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
    workers: [],
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
  const busy = Math.round(pulse.utilisation * MILLION);
  addHeart(heartOf(state, pulse.worker), { unstarted: pulse.unstarted, busy, busiest: busy, pulses: 1 });
}

function heartOf({ workers }: GeneratorState, worker: number): Heart {
  while (workers.length <= worker) workers.push({ unstarted: 0, busy: 0, busiest: 0, pulses: 0 });
  return workers[worker] as Heart;
}

/** A count since run start never falls: the highest is the last. */
function addHeart(into: Heart, from: Heart): void {
  into.unstarted = Math.max(into.unstarted, from.unstarted);
  into.busy += from.busy;
  into.busiest = Math.max(into.busiest, from.busiest);
  into.pulses += from.pulses;
}

function merge(into: GeneratorState, from: GeneratorState): void {
  addDistribution(into.lag, from.lag);
  into.late += from.late;
  into.sent += from.sent;
  from.workers.forEach((heart, worker) => {
    addHeart(heartOf(into, worker), heart);
  });
  eachUser(from.lastDone, (user, done) => setTime(into.lastDone, user, done));
}

function finish(state: GeneratorState): Finding {
  const { late, sent, workers } = state;
  const missed = sum(workers, (heart) => heart.unstarted);
  const busy = sum(workers, (heart) => heart.busy);
  const busiest = Math.max(0, ...workers.map((heart) => heart.busiest));
  const n = sum(workers, (heart) => heart.pulses);
  const told = (value: number): number | null => (n === 0 ? null : value);
  const measures = [
    ...distribution('generator.lag', {}, state.lag, state.setup.quantiles, 'L0'),
    fraction('generator.late', {}, late, sent, wilson(late, sent), 'L0'),
    number('generator.unstarted', {}, told(missed)),
    sampled('generator.utilisation', { stat: 'mean' }, told(busy / n / MILLION), n),
    sampled('generator.utilisation', { stat: 'max' }, told(busiest / MILLION), n),
  ];
  return { measures, evidence: [], doubts: [...lateSends(late, sent), ...unstarted(missed), ...saturated(workers)] };
}

function sum(workers: readonly Heart[], part: (heart: Heart) => number): number {
  return workers.reduce((total, heart) => total + part(heart), 0);
}

function lateSends(late: number, sent: number): readonly Doubt[] {
  const least = wilson(late, sent)?.[0] ?? 0;
  if (least <= LATE_DOUBT) return [];
  const blocking = least > LATE_BLOCK;
  const text =
    `${((late / sent) * 100).toFixed(1)} % of the requests were taken up more than 10 ms late, by this machine's fault and not the target's` +
    `${blocking ? ': the load that was asked for was not held' : ''}. Felt latency includes that. ` +
    `Free the machine, spread the users over more cores (--workers)${blocking ? '' : ', keep the generator awake (--precise)'}, or lower the load.`;
  return [{ code: 'late-sends', blocking, text }];
}

function unstarted(requests: number): readonly Doubt[] {
  if (requests === 0) return [];
  const text =
    `${requests} requests were due and never started: the load was lower than asked. Either the target kept users waiting (see ` +
    'latency.felt), or there were too few of them: raise users.count, or lower the rate.';
  return [{ code: 'unstarted', blocking: true, text }];
}

/** One worker that has no room to spare is enough: users keep to their worker. */
function saturated(workers: readonly Heart[]): readonly Doubt[] {
  const shares = workers.map(({ busy, pulses }) => (pulses === 0 ? 0 : busy / pulses));
  const most = Math.max(0, ...shares);
  if (most <= SATURATED * MILLION) return [];
  const who = workers.length === 1 ? 'The generator' : `Worker ${shares.indexOf(most) + 1} of ${workers.length}`;
  const text =
    `${who} was busy ${Math.round(most / 10_000)} % of the time and may have been the bottleneck. ` +
    'Lower the load, spread the users over more cores (--workers), or free the machine.';
  return [{ code: 'saturated', blocking: false, text }];
}

interface EncodedState extends Omit<GeneratorState, 'setup' | 'lag' | 'lastDone'> {
  readonly lag: EncodedDistribution;
  readonly lastDone: EncodedColumn;
}

function decode(setup: Setup, from: Encoded): GeneratorState {
  const { lag, lastDone, ...rest } = from as unknown as EncodedState;
  return { ...plain<typeof rest>(rest), setup, lag: decodeDistribution(lag), lastDone: decodeTimes(lastDone) };
}
