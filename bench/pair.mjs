// Clients in turns on the same nginx: client CPU per request, medians and paired ratios.
//
// nginx has core 0, the client core 1. Client CPU comes from /proc/PID/stat, requests from nginx's own count, both over the same window in
// the middle of each run. Needs nginx with stub_status and taskset.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the target answers to `GET /`: a small 200 with these headers. `POST /login` sets a session cookie besides. */
export const HEADERS = ['Sticky-Backend', 'Sticky-Session', 'Sticky-New', 'Sticky-Owner', 'Sticky-Counter'];
export const SESSION = 'A1B2C3D4E5F60718293A4B5C6D7E8F90.tomcat01';
export const VALUES = ['tomcat01', SESSION, '0', '5f2b8c1d9e3a4b60', '17'];

/**
 * Runs each client `repetitions` times, taking turns, and prints what a request costs it. `clientsFor(url, folder)` gives command lines by
 * name; the first is the one that the others are compared with. `warmUp` and `seconds` set the window.
 */
export async function pair({ repetitions, seconds, warmUp, clientsFor }) {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-bench-'));
  const port = await freePort();
  const nginx = startNginx(folder, port);
  try {
    const url = `http://127.0.0.1:${port}/`;
    await untilServed(url);
    const clients = Object.entries(clientsFor(url, folder));
    const costs = new Map(clients.map(([name]) => [name, []]));
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const [name, command] of clients) {
        const run = await measure(command, url, seconds, warmUp);
        costs.get(name).push(run.cpu);
        console.log(
          `${name.padEnd(22)} ${run.cpu.toFixed(2).padStart(6)} us/request  ${Math.round(run.rate).toLocaleString('en')} requests/s`,
        );
      }
    }
    tell(costs);
  } finally {
    nginx.kill('SIGTERM');
    await new Promise((resolve) => nginx.once('exit', resolve));
    rmSync(folder, { recursive: true });
  }
}

function tell(costs) {
  const [[yardstick, its]] = costs;
  console.log(`\nmedian client CPU per request, and paired ratio to ${yardstick}`);
  for (const [name, own] of costs) {
    const ratios = own.map((cost, place) => cost / its[place]);
    const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(`${name.padEnd(22)} ${median(own).toFixed(2).padStart(6)} us   ${median(ratios).toFixed(2)}  (${range})`);
  }
}

/** Client CPU per request in microseconds, and requests per second, in the middle of a run. */
async function measure([program, ...args], url, seconds, warmUp) {
  const child = spawn('taskset', ['-c', '1', program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await sleep(warmUp * 1000);
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
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
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
  const mine = headers.replace(SESSION, '$cookie_jsessionid').replace(VALUES[3], '$cookie_jsessionid');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 4096; }
    http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600;
      client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      server { listen 127.0.0.1:${port};
        location / { default_type text/plain; ${headers} return 200 'ok'; }
        location = /visit { default_type text/plain; ${mine} return 200 'ok'; }
        location = /login { default_type text/plain; add_header Set-Cookie "JSESSIONID=$request_id.tomcat01; Path=/; HttpOnly"; return 200 'ok'; }
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
