// The cost of one exchange: the transport alone, in a closed loop over real nginx, against wrk on the same core.
//
//   npm run build && node bench/exchange.mjs [repetitions] [seconds] [connections]
//
// nginx has core 0, the client core 1. Client CPU comes from /proc/PID/stat, requests from nginx's own count, both over the same window in
// the middle of each run; the clients take turns. Needs nginx with stub_status, wrk and taskset.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ME = fileURLToPath(import.meta.url);
const HEADERS = ['Sticky-Backend', 'Sticky-Session', 'Sticky-New', 'Sticky-Owner', 'Sticky-Counter'];
const VALUES = ['tomcat01', 'A1B2C3D4E5F60718293A4B5C6D7E8F90.tomcat01', '0', '5f2b8c1d9e3a4b60', '17'];
const WARM_UP_MS = 1500;

if (process.argv[2] === '--client') await client(process.argv[3], Number(process.argv[4]));
else if (process.argv[2] === '--sockets') await sockets(process.argv[3], Number(process.argv[4]));
else await compare(Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 6), Number(process.argv[4] ?? 64));

/** Users in a closed loop: each sends its next request when it has its answer, and looks at all five headers. */
async function client(url, users) {
  const { createTransport } = await import('../dist/engine/transport/transport.js');
  const transport = await createTransport({
    target: url,
    via: { via: 'header', header: 'X-Forwarded-For' },
    connections: 'per_exit',
    timeout: 10_000_000,
    connectTimeout: 10_000_000,
    maxBody: 1_000_000,
    tls: { ca: null, insecure: false, servername: null },
    watched: HEADERS,
    clock: () => Math.floor(performance.now() * 1000),
  });
  const { host } = new URL(url);
  let wrong = 0;
  const fail = (what) => {
    throw new Error(`exchange failed: ${what}`);
  };
  for (let user = 0; user < users; user++) {
    const job = {
      exit: '127.0.0.1',
      lane: -1,
      method: 'GET',
      text: `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: JSESSIONID=${VALUES[1]}\r\n\r\n`,
      wantsBody: false,
      sent() {},
      answered(answer) {
        for (let place = 0; place < VALUES.length; place++) if (!answer.headerIs(place, VALUES[place])) wrong++;
        if (answer.status !== 200 || wrong > 0) fail('an unexpected answer');
        transport.send(job);
      },
      refused: fail,
      lost: fail,
    };
    transport.send(job);
  }
}

/** The floor under any client on Node: the same sockets, and nobody reads the answers. */
async function sockets(url, users) {
  const { connect } = await import('node:net');
  const { hostname, port, host } = new URL(url);
  const buffer = Buffer.alloc(65536);
  const text = `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: JSESSIONID=${VALUES[1]}\r\n\r\n`;
  for (let user = 0; user < users; user++) {
    const callback = () => {
      socket.write(text, 'latin1');
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback } });
    socket.once('connect', callback);
  }
}

async function compare(repetitions, seconds, connections) {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-bench-'));
  const port = await freePort();
  const nginx = startNginx(folder, port);
  try {
    const url = `http://127.0.0.1:${port}/`;
    await untilServed(url);
    const clients = {
      wrk: ['wrk', '-t1', `-c${connections}`, '-d600', url],
      sockets: [process.execPath, ME, '--sockets', url, String(connections)],
      transport: [process.execPath, ME, '--client', url, String(connections)],
    };
    const costs = { wrk: [], sockets: [], transport: [] };
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const [name, command] of Object.entries(clients)) {
        const run = await measure(command, url, seconds);
        costs[name].push(run.cpu);
        console.log(`${name.padEnd(10)} ${run.cpu.toFixed(2)} us/request  ${Math.round(run.rate).toLocaleString('en')} requests/s`);
      }
    }
    for (const [name, values] of Object.entries(costs)) {
      const ratios = values.map((cost, place) => cost / costs.wrk[place]);
      const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
      console.log(`${name.padEnd(10)} median ${median(values).toFixed(2)} us/request, x wrk (paired) ${median(ratios).toFixed(2)}, ${spread}`);
    }
  } finally {
    nginx.kill('SIGTERM');
    await new Promise((resolve) => nginx.once('exit', resolve));
    rmSync(folder, { recursive: true });
  }
}

/** Client CPU per request in microseconds, and requests per second, in the middle of a run. */
async function measure([program, ...args], url, seconds) {
  const child = spawn('taskset', ['-c', '1', program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await sleep(WARM_UP_MS);
    const [requests, cpu, at] = [await served(url), cpuTime(child.pid), performance.now()];
    await sleep(seconds * 1000);
    const count = (await served(url)) - requests;
    return { cpu: (cpuTime(child.pid) - cpu) / count, rate: (count / (performance.now() - at)) * 1000 };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** utime + stime of the process and its threads, in microseconds (proc_pid_stat(5), fields 14 and 15, in hundredths of a second). */
function cpuTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function served(url) {
  const status = await (await fetch(`${url}status`, { headers: { connection: 'close' } })).text();
  return Number(/^ \d+ \d+ (\d+)/m.exec(status)?.[1]);
}

async function untilServed(url) {
  for (;;) {
    try {
      return await served(url);
    } catch {
      await sleep(20);
    }
  }
}

function startNginx(folder, port) {
  const headers = HEADERS.map((name, place) => `add_header ${name} ${VALUES[place]};`).join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 4096; }
    http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600;
      client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      server { listen 127.0.0.1:${port};
        location / { default_type text/plain; ${headers} return 200 'ok'; }
        location /status { stub_status; } } }`,
  );
  return spawn('taskset', ['-c', '0', 'nginx', '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], { stdio: 'inherit' });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
