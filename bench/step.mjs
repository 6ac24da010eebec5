// The cost of one exchange outside the sockets: what a user does between an answer and his next request, entry included.
//
//   npm run build && node bench/step.mjs [exchanges] [users]
//
// The transport is a queue: it hands every job the same answer, whose headers are compared as text, so what is measured is the users' own
// work (course, cookies, source address, request text, reading of five headers, the entry) and the agenda's, and nothing of the system's.

import { runIn } from '../dist/engine/run.js';

const EXCHANGES = Number(process.argv[2] ?? 2_000_000);
const USERS = Number(process.argv[3] ?? 1000);
const ROUNDS = 5;

const request = (method, path) => ({
  kind: 'request',
  method,
  path: [path],
  name: `${method} ${path}`,
  op: 'read',
  key: 'visit',
  headers: [],
  body: [],
  capture: [],
  expect: { status: [], headers: [], body: [] },
});

const identify = { backend: { from: 'header', header: 'Sticky-Backend' }, path: 'X-Upstream', names: { '127.0.0.1:8081': 'tomcat01' } };

const workload = (think) => ({
  name: 'step',
  description: '',
  seed: 1,
  target: { kind: 'own', url: '', strategy: null, backends: ['tomcat01'], failTimeout: 0, sessionTimeout: 0 },
  identify,
  users: {
    count: USERS,
    sessionCookie: 'JSESSIONID',
    egress: [
      { policy: 'fixed', weight: 80 },
      { policy: 'per_request', exits: 3, weight: 20 },
    ],
    via: { via: 'bind' },
    pool: { address: '127.0.0.0', prefix: 8 },
  },
  http: { connections: 'per_exit', timeout: 1e7, connectTimeout: 1e7, redirects: 5, headers: [], maxBody: 1e6, ca: null, insecure: false },
  phases: [{ name: 'steady', duration: 1e12, warmup: false, model: 'closed', from: USERS, to: USERS }],
  scenarios: [{ name: 'all', weight: 1, flow: [request('GET', '/visit'), ...think, request('POST', '/visit'), ...think] }],
  variables: {},
  payload: [],
  faults: [],
  thresholds: [],
});

/** What every answer says of a user with session `id`. */
function answers(watched) {
  const place = (name) => watched.indexOf(name);
  const texts = new Array(watched.length).fill(null);
  texts[place('sticky-backend')] = 'tomcat01';
  texts[place('x-upstream')] = '127.0.0.1:8081';
  texts[place('sticky-new')] = '0';
  texts[place('sticky-counter')] = '17';
  texts[place('sticky-owner')] = 'c0ffee';
  const answer = {
    status: 200,
    setCookies: [],
    header: (at) => texts[at],
    headerIs: (at, text) => texts[at] === text,
    body: () => '',
  };
  const sessions = new Map();
  const none = [];
  return (lane) => {
    let id = sessions.get(lane);
    answer.setCookies = none;
    if (id === undefined) {
      id = `${(0x1_0000_0000 + lane).toString(16).repeat(3)}.tomcat01`;
      sessions.set(lane, id);
      answer.setCookies = [`JSESSIONID=${id}; Path=/; HttpOnly`];
    }
    texts[place('sticky-session')] = id;
    return answer;
  };
}

/** Requests are written to it, because a text put together from parts costs most when it is first read. */
const wire = Buffer.alloc(65_536);

/** CPU time per exchange, in microseconds. The clock moves by one each time it is read. */
async function measure(think, total) {
  let now = 0;
  let entries = 0;
  let bytes = 0;
  let ring = () => {};
  const queue = [];
  const abort = new AbortController();
  let answerFor;
  const world = {
    clock: () => ++now,
    startClock() {},
    wallClock: () => 0,
    alarm: {
      set: (_, act) => {
        ring = act;
      },
      cancel() {},
    },
    load: () => 0,
    key: new Uint8Array(32),
    openTransport: async ({ watched }) => {
      answerFor = answers(watched);
      return {
        open: 0,
        send: (job) => void queue.push(job),
        close() {
          for (const job of queue.splice(0)) job.lost('interrupted', now);
        },
      };
    },
  };
  const running = runIn(world, {
    workload: workload(think),
    url: 'http://127.0.0.1:8080',
    identify,
    injector: null,
    onEntry: (entry) => {
      entries += entry.kind === 'exchange' ? 1 : 0;
    },
    onStart() {},
    signal: abort.signal,
  });
  await new Promise(setImmediate);
  const step = () => {
    if (queue.length === 0) {
      now += 500;
      ring();
    }
    const batch = queue.splice(0);
    for (const job of batch) {
      bytes += wire.latin1Write(job.text, 0);
      job.sent(++now);
      job.answered(answerFor(job.number), ++now);
    }
  };
  while (entries < USERS * 20) step();
  const before = entries;
  const start = process.cpuUsage();
  while (entries < before + total) step();
  const { user, system } = process.cpuUsage(start);
  const cost = (user + system) / (entries - before);
  abort.abort();
  await running;
  if (bytes === 0) throw new Error('nothing was written');
  return cost;
}

const median = (values) => [...values].sort((one, other) => one - other)[values.length >> 1];

for (const [name, think] of [
  ['no think time', []],
  ['think 1..2 ms', [{ kind: 'think', min: 1000, max: 2000 }]],
]) {
  const costs = [];
  for (let round = 0; round < ROUNDS; round += 1) costs.push(await measure(think, EXCHANGES / ROUNDS));
  const each = costs.map((cost) => cost.toFixed(2)).join(' ');
  console.log(`${name}: ${median(costs).toFixed(2)} µs of CPU per exchange (rounds: ${each}), ${USERS} users`);
}
