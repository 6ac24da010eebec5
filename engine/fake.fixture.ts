// For tests: a world with a clock of its own, and a transport that answers by a script.

import type { Entry, LostReason, RefusedReason } from '../model/entry.ts';
import type { Injector } from '../model/fault.ts';
import type { RunEnd } from '../model/report.ts';
import { type Micros, SECOND } from '../model/units.ts';
import type { Phase, RequestStep, Step, Workload } from '../model/workload.ts';
import { runIn } from './run.ts';
import type { Answer, Job, Transport } from './wire.ts';
import type { Live, World } from './world.ts';

/** A request as the fake server sees it. */
export interface Asked {
  readonly at: Micros;
  readonly exit: string;
  readonly lane: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How many requests came before it. */
  readonly count: number;
}

export interface Reply {
  readonly after?: Micros;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly setCookies?: readonly string[];
  readonly body?: string;
  readonly refused?: RefusedReason;
  readonly lost?: LostReason;
  /** Never answered: the job ends when the transport is closed. */
  readonly hangs?: boolean;
}

export type Script = (asked: Asked) => Reply;

/** Latency of a reply that names none. */
export const LATENCY: Micros = 1_000;
/** Wall clock at time 0 of the fake world: 2026-01-01T00:00:00Z. */
export const EPOCH = Date.UTC(2026, 0, 1);

interface Event {
  readonly at: Micros;
  readonly act: () => void;
}

export interface FakeRun {
  readonly entries: readonly Entry[];
  readonly asked: readonly Asked[];
  readonly end: RunEnd;
}

export interface FakeOptions {
  readonly injector?: Injector | null;
  readonly abortAt?: Micros;
  readonly onEntry?: (entry: Entry) => void;
  readonly onStart?: (live: Live) => void;
  /** Called at that time. */
  readonly at?: readonly (readonly [Micros, () => void])[];
}

/** Runs a workload against a script, in no time. */
export async function play(workload: Workload, script: Script, options: FakeOptions = {}): Promise<FakeRun> {
  const entries: Entry[] = [];
  const asked: Asked[] = [];
  const abort = new AbortController();
  const events: Event[] = (options.at ?? []).map(([at, act]) => ({ at, act }));
  if (options.abortAt !== undefined) events.push({ at: options.abortAt, act: () => abort.abort() });
  const fake = { now: 0, events, alarm: null as Event | null };
  const world: World = {
    clock: () => fake.now,
    startClock() {},
    wallClock: () => EPOCH,
    alarm: {
      set(delay, ring) {
        fake.alarm = { at: fake.now + delay, act: ring };
      },
      cancel() {
        fake.alarm = null;
      },
    },
    load: () => 0.25,
    key: new Uint8Array(32),
    openTransport: ({ watched }) => Promise.resolve(scripted(fake, script, watched, asked)),
  };
  const outcome: { end?: RunEnd; error?: unknown } = {};
  const running = runIn(world, {
    workload,
    url: 'http://site.test',
    identify: workload.identify,
    injector: options.injector ?? null,
    onEntry(entry) {
      entries.push(entry);
      options.onEntry?.(entry);
    },
    onStart: options.onStart ?? (() => {}),
    signal: abort.signal,
  }).then(
    (end) => {
      outcome.end = end;
    },
    (error: unknown) => {
      outcome.error = error;
    },
  );
  await passTime(fake, () => outcome.end !== undefined || 'error' in outcome);
  await running;
  if (outcome.end === undefined) throw outcome.error;
  return { entries, asked, end: outcome.end };
}

async function passTime(fake: { now: Micros; events: Event[]; alarm: Event | null }, over: () => boolean): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (over()) return;
    const next = [...fake.events, ...(fake.alarm === null ? [] : [fake.alarm])].sort((one, other) => one.at - other.at)[0];
    if (next === undefined) throw new Error('the run waits for nothing');
    fake.now = Math.max(fake.now, next.at);
    if (next === fake.alarm) fake.alarm = null;
    else fake.events.splice(fake.events.indexOf(next), 1);
    next.act();
  }
}

function scripted(fake: { now: Micros; events: Event[] }, script: Script, watched: readonly string[], asked: Asked[]): Transport {
  const open = new Map<Job, boolean>();
  return {
    open: 0,
    send(job) {
      const request = askedOf(job, fake.now, asked.length);
      asked.push(request);
      const reply = script(request);
      open.set(job, reply.refused === undefined);
      if (reply.hangs === true) return job.sent(fake.now);
      if (reply.refused === undefined) job.sent(fake.now);
      fake.events.push({
        at: fake.now + (reply.after ?? LATENCY),
        act() {
          if (!open.delete(job)) return;
          if (reply.refused !== undefined) job.refused(reply.refused, fake.now);
          else if (reply.lost !== undefined) job.lost(reply.lost, fake.now);
          else job.answered(answerOf(reply, watched), fake.now);
        },
      });
    },
    close() {
      for (const [job, sent] of open) {
        open.delete(job);
        if (sent) job.lost('interrupted', fake.now);
        else job.refused('interrupted', fake.now);
      }
    },
  };
}

function askedOf(job: Job, at: Micros, count: number): Asked {
  const [head = '', ...rest] = job.text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const path = start.split(' ')[1] ?? '';
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { at, exit: job.exit, lane: job.lane, method: job.method, path, headers, body: rest.join('\r\n\r\n'), count };
}

/** An answer as a transport would give it. */
export function answerOf(reply: Reply, watched: readonly string[]): Answer {
  const headers = new Map(Object.entries(reply.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const header = (place: number): string | null => headers.get(watched[place] ?? '') ?? null;
  return {
    status: reply.status ?? 200,
    header,
    headerIs: (place, text) => header(place) === text,
    setCookies: reply.setCookies ?? [],
    body: () => reply.body ?? '',
  };
}

/** A request step: `get('/cart')`. */
export function get(path: string, rest: Partial<RequestStep> = {}): RequestStep {
  const name = `${rest.method ?? 'GET'} ${path}`;
  return {
    kind: 'request',
    method: 'GET',
    path: [path],
    name,
    op: 'read',
    key: 'c',
    headers: [],
    body: [],
    capture: [],
    expect: ANYTHING,
    ...rest,
  };
}

const ANYTHING = { status: [], headers: [], body: [] };

export function think(min: Micros, max: Micros = min): Step {
  return { kind: 'think', min, max };
}

export function loop(steps: readonly Step[], rest: { count?: number; over?: Micros; pace?: Micros } = {}): Step {
  return { kind: 'loop', count: rest.count ?? null, over: rest.over ?? null, pace: rest.pace ?? null, steps };
}

export function closed(from: number, to: number, duration: Micros, name = 'steady'): Phase {
  return { name, duration, warmup: false, model: 'closed', from, to };
}

export function open(from: number, to: number, duration: Micros, arrivals: 'even' | 'poisson' = 'even', name = 'steady'): Phase {
  return { name, duration, warmup: false, model: 'open', from, to, arrivals };
}

/** A workload of one user who follows the flow for a second, unless told otherwise. */
export function workload(flow: readonly Step[], rest: Partial<Workload> = {}): Workload {
  return {
    name: 'test',
    description: '',
    seed: 1,
    target: {
      kind: 'own',
      url: 'http://site.test',
      strategy: null,
      backends: ['a', 'b'],
      failTimeout: 10 * SECOND,
      sessionTimeout: 1800 * SECOND,
    },
    identify: { backend: { from: 'none' }, path: null, names: {} },
    users: {
      count: 1,
      sessionCookie: 'SID',
      egress: [{ policy: 'fixed', weight: 1 }],
      via: { via: 'bind' },
      pool: { address: '127.0.0.0', prefix: 8 },
    },
    http: {
      connections: 'per_exit',
      timeout: 10 * SECOND,
      connectTimeout: 5 * SECOND,
      redirects: 5,
      headers: [],
      maxBody: 1_000_000,
      ca: null,
      insecure: false,
    },
    phases: [closed(1, 1, SECOND)],
    scenarios: [{ name: 'all', weight: 1, flow }],
    variables: {},
    payload: [],
    faults: [],
    thresholds: [],
    ...rest,
  };
}
