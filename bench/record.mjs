// The cost of recording an exchange, on the load's thread and in all, and of reading it back.
//
//   npm run build && node bench/record.mjs [exchanges]
//
// Exchanges are made up as fast as they can be; what making them costs is measured first and taken off. Each figure comes from a process of
// its own. Reading is measured alone, and with every analyzer behind it, as `stickybench analyze` does it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fold } from '../dist/analysis/all.js';
import { makeReport } from '../dist/analysis/report.js';
import { readRecord } from '../dist/results/record/read-record.js';
import { createSpool } from '../dist/results/record/spool/spool.js';
import { createRecord } from '../dist/results/record/write-record.js';

const CASES = [
  { name: '64 users', users: 64, fresh: false },
  { name: '10,000 users', users: 10_000, fresh: false },
  { name: 'each a new session', users: 10_000, fresh: true },
];
const BACKENDS = ['tomcat01', 'tomcat02', 'tomcat03', 'tomcat04'];
/** Exchanges made before they are recorded, so that the two can be timed apart. */
const CHUNK = 512;
/** Exchanges until the compilers have seen everything. */
const WARM_UP = 500_000;

const setup = {
  strategy: 'jvm_route',
  sessions: 'memory',
  backends: BACKENDS,
  failTimeout: 10_000_000,
  sessionTimeout: 1_800_000_000,
  profile: 'tomcat',
  sessionCookie: 'JSESSIONID',
  phases: [{ name: 'steady', warmup: false }],
  quantiles: [0.5, 0.99, 1],
};
const header = { kind: 'run', identity: {}, setup, thresholds: [] };

/** Exchanges of random users, one after the other. The same user keeps his session, or gets a new one with each answer. */
function exchanges(users, fresh) {
  const requests = [
    { method: 'GET', name: 'GET /', op: 'read', key: 'visit' },
    { method: 'POST', name: 'POST /cart', op: 'write', key: 'visit' },
  ];
  const paths = BACKENDS.map((backend) => [backend]);
  const hex = (number) => (number >>> 0).toString(16).padStart(8, '0');
  const tagOf = (number) => `${hex(Math.imul(number, 0x9e3779b1))}${hex(Math.imul(number, 0x85ebca6b))}.${BACKENDS[number % 4]}`;
  const people = Array.from({ length: users }, (_, user) => ({
    session: tagOf(user),
    owner: hex(Math.imul(user, 0xc2b2ae35)),
    egress: `127.${(user >> 16) & 255}.${(user >> 8) & 255}.${user & 255}`,
    path: paths[user % 4],
    last: 0,
    seq: 0,
  }));
  let random = 1;
  let now = 0;
  let sessions = users;
  return () => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
    const user = (random >>> 8) % users;
    const one = people[user];
    now += 20 + (random & 7);
    let set = null;
    const session = fresh ? null : one.session;
    if (fresh) {
      one.session = tagOf(sessions++);
      one.owner = hex(Math.imul(sessions, 0xc2b2ae35));
      set = one.session;
    }
    const { last, seq } = one;
    one.last = now;
    one.seq += 1;
    return {
      kind: 'exchange',
      user,
      seq,
      due: last,
      asked: Math.max(last, now - 1_500),
      sent: Math.max(last, now - 1_400),
      done: now,
      phase: 'steady',
      egress: one.egress,
      ...requests[seq & 1],
      session,
      outcome: {
        kind: 'answered',
        status: 200,
        met: true,
        backend: one.path[0],
        path: one.path,
        set,
        deleted: false,
        effective: one.session,
        created: fresh,
        owner: one.owner,
        counter: seq + 1,
      },
    };
  };
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const breathe = () => new Promise(setImmediate);

/** Gives `take` so many exchanges. Returns the time in `take` and the CPU of all threads, in microseconds each. */
async function load(next, count, take) {
  const before = cpu();
  let inside = 0;
  for (let done = 0; done < count; done += CHUNK) {
    const chunk = Array.from({ length: CHUNK }, next);
    const start = performance.now();
    for (const exchange of chunk) take(exchange);
    inside += performance.now() - start;
    if (done % (CHUNK * 16) === 0) await breathe();
  }
  return { inside: (inside * 1_000) / count, all: (cpu() - before) / count };
}

const TASKS = {
  /** Making exchanges, and the spool alone. */
  async spool(count, { users, fresh }) {
    const next = exchanges(users, fresh);
    const spool = createSpool(() => {});
    await load(next, WARM_UP, spool.entry);
    const { inside } = await load(next, count, spool.entry);
    return { spool: inside };
  },
  async write(count, { users, fresh }, folder) {
    const next = exchanges(users, fresh);
    await load(next, WARM_UP, () => {});
    const base = await load(next, count, () => {});
    const record = createRecord(folder, header, 1);
    const before = cpu();
    const during = await load(exchanges(users, fresh), count, record.entry);
    await record.close({ kind: 'end', at: Number.MAX_SAFE_INTEGER, ended: 'finished' });
    const all = (cpu() - before) / count - base.all;
    return { loadThread: during.inside - base.inside, all, bytes: statSync(join(folder, 'exchanges.parquet')).size / count };
  },
  async read(count, _, folder) {
    const before = cpu();
    let seen = 0;
    await (await readRecord(folder)).each(() => {
      seen += 1;
    });
    if (seen < count) throw new Error(`${seen} of ${count} exchanges were read`);
    return { read: (cpu() - before) / count };
  },
  async analyze(count, _, folder) {
    const start = performance.now();
    const { each } = await readRecord(folder);
    const judged = fold(setup);
    await each(judged.step);
    makeReport(header, judged, { ended: 'finished', at: null, missing: [] });
    return { analyze: ((performance.now() - start) * 1_000) / count, rss: process.resourceUsage().maxRSS / 1_024 };
  },
};

function inProcess(task, count, place, folder) {
  const args = [fileURLToPath(import.meta.url), task, String(count), String(place), folder];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`${task} failed`);
  return JSON.parse(stdout);
}

function compare(count) {
  console.log(`microseconds an exchange, ${count.toLocaleString('en')} exchanges\n`);
  console.log(
    `${''.padEnd(20)}${['spool', 'load thread', 'in all', 'bytes', 'read', 'analyze', 'MB'].map((head) => head.padStart(12)).join('')}`,
  );
  for (const [place, { name }] of CASES.entries()) {
    const folder = mkdtempSync(join(tmpdir(), 'stickybench-record-'));
    try {
      const run = (task) => inProcess(task, count, place, folder);
      const { spool, loadThread, all, bytes, read, analyze, rss } = { ...run('spool'), ...run('write'), ...run('read'), ...run('analyze') };
      const figures = [spool, loadThread, all, bytes, read, analyze].map((figure) => figure.toFixed(2).padStart(12));
      console.log(`${name.padEnd(20)}${figures.join('')}${String(Math.round(rss)).padStart(12)}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

const [first = '2000000', count, place, folder] = process.argv.slice(2);
if (first in TASKS) console.log(JSON.stringify(await TASKS[first](Number(count), CASES[Number(place)], folder)));
else compare(Number(first));
