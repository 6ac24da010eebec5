// What many users cost: memory for each, start-up, CPU for each time one wakes, pauses of the garbage collector, and what users feel of it.
//
//   npm run build && node bench/users.mjs [users] [seconds] [--analysis] [--moving] [--virtual]
//
// All users join within 20 s, log in (every answer to that sets a session cookie) and then ask every 20 to 60 s. The transport is a queue that
// answers after a millisecond, so that what is measured is this process and no socket. `--analysis` judges every exchange with all analyzers
// as a run does; `--moving` gives every fifth user another source address on each request. `--virtual` lets time jump from one event to the
// next: nothing is felt then, but the CPU for each wake-up has no idle loops in it.

import { readdirSync, readFileSync } from 'node:fs';
import { createHistogram, PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fold } from '../dist/analysis/all.js';
import { startClock, systemAlarm } from '../dist/engine/clock.js';
import { runIn } from '../dist/engine/run.js';

const flags = process.argv.filter((word) => word.startsWith('--'));
const [USERS = 1_000_000, SECONDS = 30] = process.argv
  .slice(2)
  .filter((word) => !word.startsWith('--'))
  .map(Number);
const RAMP = 20;
const SECOND = 1_000_000;
const LATENCY = 1000;
const SESSION_COOKIE = 'JSESSIONID';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const request = (method, path, op) => ({
  kind: 'request',
  method,
  path: [path],
  name: `${method} ${path}`,
  op,
  key: 'visit',
  headers: [],
  body: [],
  capture: [],
  expect: { status: [], headers: [], body: [] },
});
const think = { kind: 'think', min: 20 * SECOND, max: 60 * SECOND };
const visits = { kind: 'loop', count: null, over: null, pace: null, steps: [think, request('GET', '/visit', 'write')] };
const shared = { policy: 'shared', exits: 64, sizes: 'even', weight: 80 };
const moving = { policy: 'per_request', exits: 3, weight: 20 };
const identify = { backend: { from: 'header', header: 'Sticky-Backend' }, path: null, names: {} };

const workload = {
  name: 'users',
  description: '',
  seed: 1,
  target: { kind: 'own', url: '', strategy: 'jvm_route', backends: ['tomcat01'], failTimeout: 10 * SECOND, sessionTimeout: 1800 * SECOND },
  identify,
  users: {
    count: USERS,
    sessionCookie: SESSION_COOKIE,
    egress: flags.includes('--moving') ? [shared, moving] : [shared],
    via: { via: 'bind' },
    pool: { address: '127.0.0.0', prefix: 8 },
  },
  http: { connections: 'per_exit', timeout: 1e7, connectTimeout: 1e7, redirects: 5, headers: [], maxBody: 1e6, ca: null, insecure: false },
  phases: [
    { name: 'ramp', duration: RAMP * SECOND, warmup: true, model: 'closed', from: 0, to: USERS },
    { name: 'steady', duration: 1e12, warmup: false, model: 'closed', from: USERS, to: USERS },
  ],
  scenarios: [{ name: 'all', weight: 1, flow: [request('POST', '/login', 'create'), visits] }],
  variables: {},
  payload: [],
  faults: [],
  thresholds: [],
};

const setup = {
  strategy: 'jvm_route',
  sessions: 'memory',
  backends: ['tomcat01'],
  failTimeout: 10 * SECOND,
  sessionTimeout: 1800 * SECOND,
  profile: 'tomcat',
  sessionCookie: SESSION_COOKIE,
  phases: workload.phases.map(({ name, warmup }) => ({ name, warmup })),
  quantiles: [0.5, 0.99],
};

/** Text as a socket's buffer gives it: in one piece. */
function fresh(text) {
  return Buffer.from(text, 'latin1').toString('latin1');
}

const idOf = (number) => `${(0x1_0000_0000 + number).toString(16).repeat(4).slice(0, 32)}.tomcat01`;

const HEADERS = ['sticky-backend', 'sticky-session', 'sticky-new', 'sticky-owner', 'sticky-counter'];

/** Answers as the cooperative page does. What it tells of the session after login it takes from the user, for speed. */
function answers(watched) {
  const places = new Map(watched.map((name, place) => [name, place]));
  const texts = new Array(watched.length).fill(null);
  const put = (name, text) => {
    texts[places.get(name)] = text;
  };
  put('sticky-backend', 'tomcat01');
  put('sticky-counter', '17');
  const none = [];
  const answer = {
    status: 200,
    setCookies: none,
    closes: false,
    header: (at) => (texts[at] === null ? null : fresh(texts[at])),
    headerIs: (at, text) => texts[at] === text,
    body: () => '',
  };
  return (job) => {
    const login = job.method === 'POST';
    const id = login ? idOf(job.number) : job.carried.id;
    answer.setCookies = login ? [fresh(`${SESSION_COOKIE}=${id}; Path=/; HttpOnly`)] : none;
    put('sticky-session', id);
    put('sticky-new', login ? '1' : '0');
    put('sticky-owner', login ? id.slice(0, 16) : job.recent.ownerText);
    return answer;
  };
}

/** Answers every job `LATENCY` after it was sent, in real time when `rings` is given. */
function queue(watched, clock, rings) {
  const answer = answers(watched);
  const jobs = [];
  const dues = [];
  const wire = Buffer.alloc(4096);
  let first = 0;
  return {
    open: 0,
    release() {},
    send(job) {
      wire.latin1Write(job.text, 0);
      const now = clock();
      job.sent(now);
      jobs.push(job);
      dues.push(now + LATENCY);
      rings();
    },
    close() {
      const unanswered = jobs.splice(first);
      dues.length = 0;
      for (const job of unanswered) job.lost('interrupted', clock());
    },
    /** When the next answer is due. */
    next: () => dues[first] ?? Number.POSITIVE_INFINITY,
    answerAll() {
      const now = clock();
      for (; first < jobs.length && dues[first] <= now; first += 1) jobs[first].answered(answer(jobs[first]), clock());
      if (first > 10_000) {
        jobs.splice(0, first);
        dues.splice(0, first);
        first = 0;
      }
    },
  };
}

/** The world as it is. */
function realTime() {
  let started = startClock();
  let ringing = false;
  let transport;
  const clock = () => started();
  const ring = () => {
    ringing = false;
    transport.answerAll();
    if (transport.next() < Number.POSITIVE_INFINITY) rings();
  };
  const rings = () => {
    if (!ringing) setTimeout(ring, 1);
    ringing = true;
  };
  return {
    world: {
      clock,
      async start() {
        started = startClock();
      },
      alarm: systemAlarm({ precise: false }),
      openTransport: async ({ watched }) => {
        transport = queue(watched, clock, rings);
        return transport;
      },
    },
    pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  };
}

/** A world in which time jumps to the next event. */
function ownTime() {
  let now = 0;
  let rings = Number.POSITIVE_INFINITY;
  let ring = () => {};
  let transport;
  const clock = () => now;
  function step() {
    const answered = transport.next();
    now = Math.max(now, Math.min(answered, rings));
    if (answered <= rings) transport.answerAll();
    else {
      rings = Number.POSITIVE_INFINITY;
      ring();
    }
  }
  return {
    world: {
      clock,
      async start() {},
      alarm: {
        set(delay, act) {
          rings = now + delay;
          ring = act;
        },
        cancel() {
          rings = Number.POSITIVE_INFINITY;
        },
      },
      openTransport: async ({ watched }) => {
        transport = queue(watched, clock, () => {});
        return transport;
      },
    },
    async pass(seconds) {
      for (const until = now + seconds * SECOND; now < until; ) {
        await new Promise(setImmediate);
        for (let steps = 0; steps < 1000 && now < until; steps += 1) step();
      }
    },
  };
}

/** CPU that the bench itself takes for a wake-up, in microseconds. */
async function costOfBench() {
  let answered = 0;
  const { world, pass } = ownTime();
  const transport = await world.openTransport({ watched: HEADERS });
  let left = 100;
  // One ring for each answer, as users have it.
  const ring = () => {
    if (left > 0) transport.send(job);
    left -= 1;
    world.alarm.set(LATENCY / 100, ring);
  };
  const job = {
    number: 0,
    method: 'GET',
    text: fresh(`GET /visit HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${SESSION_COOKIE}=${idOf(0)}\r\n\r\n`),
    carried: { id: idOf(0) },
    recent: { ownerText: idOf(0).slice(0, 16) },
    sent() {},
    answered(answer) {
      answered += 1;
      felt.record(Math.max(1, answer.status));
      transport.send(job);
    },
  };
  ring();
  await pass(1);
  const [start, before] = [cpuTime(), answered];
  await pass(5);
  return (cpuTime() - start) / (answered - before);
}

const pauses = { count: 0, total: 0, longest: 0 };
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) {
    pauses.count += 1;
    pauses.total += duration;
    pauses.longest = Math.max(pauses.longest, duration);
  }
}).observe({ entryTypes: ['gc'] });

const memory = () => {
  collect();
  collect();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { held: heapUsed + arrayBuffers, rss };
};
/** Time on a processor by the scheduler's own count, in microseconds: that of getrusage goes by ticks, and is far off for a process that mostly waits. */
const cpuTime = () =>
  readdirSync('/proc/self/task').reduce(
    (sum, task) => sum + Number(readFileSync(`/proc/self/task/${task}/schedstat`, 'utf8').split(' ')[0]),
    0,
  ) / 1000;
const tell = (what, value) => console.log(`${what.padEnd(52)} ${value}`);

let firstDone = null;
let exchanges = 0;
const felt = createHistogram();
const judged = flags.includes('--analysis') ? fold(setup) : null;
const { world, pass } = flags.includes('--virtual') ? ownTime() : realTime();
const before = memory();
const began = performance.now();
const abort = new AbortController();
const running = runIn(
  { ...world, drained: async () => {}, shard: { index: 0, of: 1 }, wallClock: Date.now, load: () => 0, key: new Uint8Array(32) },
  {
    workload,
    url: 'http://127.0.0.1:8080',
    identify,
    injector: null,
    onEntry(entry) {
      judged?.step(entry);
      if (entry.kind !== 'exchange') return;
      firstDone ??= performance.now();
      exchanges += 1;
      felt.record(Math.max(1, entry.done - entry.due));
    },
    onStart() {},
    signal: abort.signal,
  },
);
const percentiles = () => `${[50, 99, 99.9].map((share) => (felt.percentile(share) / 1000).toFixed(1)).join(' / ')} ms`;
const collected = () => `${pauses.count} in all ${pauses.total.toFixed(0)} ms, longest ${pauses.longest.toFixed(1)} ms`;
const afresh = () => {
  Object.assign(pauses, { count: 0, total: 0, longest: 0 });
  felt.reset();
  return [cpuTime(), exchanges];
};

const [cpuAtStart] = afresh();
await pass(RAMP + 1);
tell('start-up, to the first answer', `${(firstDone - began).toFixed(0)} ms`);
tell('ramp: CPU for each user, with his exchange and the bench', `${((cpuTime() - cpuAtStart) / exchanges).toFixed(2)} us`);
tell('ramp: felt p50 / p99 / p99.9', percentiles());
tell('ramp: pauses of the garbage collector', collected());
const { rss } = process.memoryUsage();
const after = memory();
tell('resident after the ramp', `${(rss / 1e6).toFixed(0)} MB (${(after.rss / 1e6).toFixed(0)} MB after a collection)`);
tell(`held for each of ${USERS.toLocaleString('en')} users`, `${((after.held - before.held) / USERS).toFixed(0)} bytes`);
await pass(RAMP);
const [cpu, count] = afresh();
await pass(SECONDS);
const cost = cpuTime() - cpu;
const done = exchanges - count;
tell('wake-ups a second', (done / SECONDS).toFixed(0));
tell('CPU for each, with its exchange and the bench', `${(cost / done).toFixed(2)} us`);
if (flags.includes('--virtual')) tell('of that the bench itself', `${(await costOfBench()).toFixed(2)} us`);
tell('felt p50 / p99 / p99.9 (1 ms is the queue)', percentiles());
tell('pauses of the garbage collector', collected());
tell('resident at the end', `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
abort.abort();
await running;
