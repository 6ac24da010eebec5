// How exactly an open model keeps its schedule: the rate reached, and how late requests are taken up, at 5,000 and 20,000 arrivals a second.
//
//   npm run build && node bench/users-open.mjs [seconds] [rates]      for instance 4 5000,20000
//
// nginx answers, on a port of its own. Lateness is `asked` minus `due`. In the world's time: a machine that does other things shows.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { startClock, systemAlarm } from '../dist/engine/clock.js';
import { eventLoopLoad } from '../dist/engine/pulse.js';
import { runIn } from '../dist/engine/run.js';
import { createTransport } from '../dist/engine/transport/transport.js';
import { transportOptions } from '../dist/engine/transport-options.js';

const SECOND = 1_000_000;
const SECONDS = Number(process.argv[2] ?? 4);
const RATES = (process.argv[3] ?? '5000,20000').split(',').map(Number);
const WHOLE = { index: 0, of: 1 };

const workloadFor = (url, rate, arrivals) => ({
  name: 'open',
  description: '',
  seed: 1,
  target: { kind: 'own', url, strategy: null, backends: [], failTimeout: 0, sessionTimeout: SECOND },
  identify: { backend: { from: 'none' }, path: null, names: {} },
  users: {
    // No more connections than nginx takes, should the machine be too slow for the rate.
    count: 4000,
    sessionCookie: 'JSESSIONID',
    egress: [{ policy: 'shared', exits: 1, sizes: 'even', weight: 1 }],
    via: { via: 'bind' },
    pool: { address: '127.0.0.0', prefix: 8 },
  },
  http: { connections: 'per_exit', timeout: 1e7, connectTimeout: 1e7, redirects: 5, headers: [], maxBody: 1e6, ca: null, insecure: false },
  phases: [
    { name: 'warm-up', duration: SECOND, warmup: true, model: 'open', from: rate, to: rate, arrivals },
    { name: 'steady', duration: SECONDS * SECOND, warmup: false, model: 'open', from: rate, to: rate, arrivals },
  ],
  scenarios: [{ name: 'all', weight: 1, flow: [REQUEST] }],
  variables: {},
  payload: [],
  faults: [],
  thresholds: [],
});

const REQUEST = {
  kind: 'request',
  method: 'GET',
  path: ['/'],
  name: 'GET /',
  op: 'read',
  key: 'visit',
  headers: [],
  body: [],
  capture: [],
  expect: { status: [], headers: [], body: [] },
};

async function measure(url, rate, arrivals, precise) {
  const workload = workloadFor(url, rate, arrivals);
  let clock = startClock();
  const alarm = systemAlarm({ precise });
  const lateness = createHistogram();
  const seen = { due: 0, unstarted: 0, busy: [], failed: 0 };
  const world = {
    clock: () => clock(),
    async start() {
      clock = startClock();
    },
    drained: async () => {},
    shard: WHOLE,
    wallClock: Date.now,
    alarm,
    load: eventLoopLoad(alarm.spun),
    key: new Uint8Array(32),
    openTransport: async ({ watched }) => createTransport(await transportOptions(workload, url, watched, () => clock(), WHOLE)),
  };
  await runIn(world, {
    workload,
    url,
    identify: workload.identify,
    injector: null,
    onEntry(entry) {
      if (entry.kind === 'pulse') {
        seen.unstarted = entry.unstarted;
        seen.busy.push(entry.utilisation);
      }
      if (entry.kind !== 'exchange' || entry.phase !== 'steady') return;
      seen.due += 1;
      if (entry.outcome.status !== 200) seen.failed += 1;
      lateness.record(Math.max(1, entry.asked - entry.due));
    },
    onStart() {},
    signal: new AbortController().signal,
  });
  return { ...seen, lateness, rate: seen.due / SECONDS, busy: seen.busy[Math.floor(seen.busy.length / 2)] };
}

async function serve(folder) {
  const port = await freePort();
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 8192; }
    http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600;
      client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      server { listen 127.0.0.1:${port} backlog=4096; location / { default_type text/plain; return 200 'ok'; } } }`,
  );
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], { stdio: 'inherit' });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    try {
      await fetch(url, { headers: { connection: 'close' } });
      return { nginx, url };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'stickybench-open-'));
const { nginx, url } = await serve(folder);
console.log('arrivals  wanted/s  alarm     reached/s   lateness us p50 / p99 / p99.9 / max   busy  unstarted  failed');
try {
  for (const rate of RATES) {
    for (const arrivals of ['even', 'poisson']) {
      for (const precise of [false, true]) {
        const run = await measure(url, rate, arrivals, precise);
        const late = [50, 99, 99.9].map((share) => run.lateness.percentile(share)).concat(run.lateness.max);
        console.log(
          `${arrivals.padEnd(8)} ${String(rate).padStart(9)}  ${(precise ? 'precise' : 'timer').padEnd(8)} ${run.rate.toFixed(1).padStart(10)}   ${late.join(' / ').padEnd(36)} ${run.busy.toFixed(2).padStart(6)} ${String(run.unstarted).padStart(9)} ${String(run.failed).padStart(7)}`,
        );
      }
    }
  }
} finally {
  nginx.kill('SIGTERM');
  await new Promise((resolve) => nginx.once('exit', resolve));
  rmSync(folder, { recursive: true });
}
