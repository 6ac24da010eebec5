// The clients of the comparison: what each is, what it does for a request, and how it is started.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SESSION } from '../rig/nginx-configuration.ts';
import { ROOT } from '../rig/root.ts';
import { artilleryScript, type Page, stickybenchWorkload } from '../rig/workloads.ts';

/** What a client is asked to do. */
export interface Task {
  /** Base URL, with a slash at its end. */
  readonly url: string;
  readonly page: Page;
  readonly connections: number;
  /** A new connection for each request. */
  readonly close: boolean;
  /** How long those that end by themselves go on. The others are stopped. */
  readonly seconds: number;
  /** Folder for the client's own files. */
  readonly folder: string;
  readonly certificate: string | null;
  /** Folder of the build of stickybench. */
  readonly dist: string;
}

/** What a client does for each request, as people read it. */
export interface Does {
  readonly users: string;
  readonly cookie: string;
  readonly answers: string;
  readonly record: string;
}

export interface Row {
  readonly key: RowKey;
  readonly name: string;
  readonly does: Does;
  /** Who must be there: a program on the PATH, or `artillery`. Null: nobody but ourselves. */
  readonly needs: string | null;
  /** Ends by itself after the seconds of its task; the others are stopped. */
  readonly ends: boolean;
  readonly command: (task: Task) => readonly string[];
}

export type RowKey =
  | 'wrk'
  | 'wrk-prepared'
  | 'wrk-written'
  | 'wrk-read'
  | 'ab'
  | 'h2load'
  | 'hey'
  | 'autocannon'
  | 'autocannon-users'
  | 'artillery'
  | 'transport'
  | 'stickybench'
  | 'stickybench-recorded'
  | 'stickybench-2-workers';

const COOKIE = `Cookie: JSESSIONID=${SESSION}`;
const FOREVER = 3600;
const NODE = process.execPath;
const here = (path: string): string => join(ROOT, 'bench', path);

const NO_USERS = 'none';
const ONE_COOKIE = 'one fixed';
const UNREAD = 'status';

const ROWS: readonly Row[] = [
  {
    key: 'wrk',
    name: 'wrk',
    does: { users: NO_USERS, cookie: ONE_COOKIE, answers: UNREAD, record: 'no' },
    needs: 'wrk',
    ends: false,
    command: (task) => [...wrk(task), '-H', COOKIE, pageOf(task)],
  },
  {
    key: 'wrk-prepared',
    name: 'wrk + Lua, requests made at the start',
    does: { users: NO_USERS, cookie: 'the next of as many as connections', answers: UNREAD, record: 'no' },
    needs: 'wrk',
    ends: false,
    command: (task) => withLua('prepared.lua', task),
  },
  {
    key: 'wrk-written',
    name: 'wrk + Lua, cookie written per request',
    does: { users: NO_USERS, cookie: 'the next of as many as connections', answers: UNREAD, record: 'no' },
    needs: 'wrk',
    ends: false,
    command: (task) => withLua('written.lua', task),
  },
  {
    key: 'wrk-read',
    name: 'wrk + Lua, and five headers read',
    does: {
      users: NO_USERS,
      cookie: 'the next of as many as connections; set ones taken, for anybody',
      answers: 'five headers',
      record: 'no',
    },
    needs: 'wrk',
    ends: false,
    command: (task) => withLua('read.lua', task),
  },
  {
    key: 'ab',
    name: 'ab',
    does: { users: NO_USERS, cookie: ONE_COOKIE, answers: 'status, length', record: 'times, in memory' },
    needs: 'ab',
    ends: false,
    // -t resets -n to 50,000, so -n comes after it. HTTP/1.0.
    command: (task) => [
      ...['ab', '-q', ...(task.close ? [] : ['-k']), '-c', `${task.connections}`, '-t', `${FOREVER}`],
      ...['-n', '20000000', '-H', COOKIE, pageOf(task)],
    ],
  },
  {
    key: 'h2load',
    name: 'h2load --h1',
    does: { users: NO_USERS, cookie: ONE_COOKIE, answers: UNREAD, record: 'no' },
    needs: 'h2load',
    ends: false,
    command: (task) => ['h2load', '--h1', '-t1', `-c${task.connections}`, `-D${FOREVER}`, '-H', COOKIE, pageOf(task)],
  },
  {
    key: 'hey',
    name: 'hey',
    does: { users: NO_USERS, cookie: ONE_COOKIE, answers: UNREAD, record: 'times of a million, in memory' },
    needs: 'hey',
    ends: false,
    command: (task) => [
      ...['hey', '-z', `${FOREVER}s`, '-c', `${task.connections}`],
      ...[...(task.close ? ['-disable-keepalive'] : []), '-H', COOKIE, pageOf(task)],
    ],
  },
  {
    key: 'autocannon',
    name: 'autocannon',
    does: { users: NO_USERS, cookie: ONE_COOKIE, answers: UNREAD, record: 'no' },
    needs: null,
    ends: false,
    command: (task) => [NODE, here('clients/autocannon.mjs'), pageOf(task), `${task.connections}`, task.close ? 'close' : 'fixed'],
  },
  {
    key: 'autocannon-users',
    name: 'autocannon, setupRequest and onResponse',
    does: { users: 'a cookie each', cookie: "the user's own, kept from answers", answers: 'all headers', record: 'no' },
    needs: null,
    ends: false,
    command: (task) => [NODE, here('clients/autocannon.mjs'), pageOf(task), `${task.connections}`, 'users'],
  },
  {
    key: 'artillery',
    name: 'artillery',
    does: { users: 'a cookie jar each', cookie: "from the user's jar", answers: 'all headers', record: 'no' },
    needs: 'artillery',
    ends: false,
    command: (task) => {
      const file = join(task.folder, 'artillery.json');
      writeFileSync(file, artilleryScript(loadOf(task)));
      return [NODE, here('node_modules/artillery/bin/run'), 'run', '--quiet', file];
    },
  },
  {
    key: 'transport',
    name: 'stickybench, transport alone',
    does: { users: NO_USERS, cookie: ONE_COOKIE, answers: 'five headers', record: 'no' },
    needs: null,
    ends: false,
    command: (task) => [NODE, here('clients/transport.mjs'), pageOf(task), `${task.connections}`],
  },
  stickybench('stickybench', 'stickybench, record off', 'no', '1', ['--no-record']),
  stickybench('stickybench-recorded', 'stickybench', 'a Parquet row per request', '1', []),
  stickybench('stickybench-2-workers', 'stickybench, 2 workers', 'a Parquet row per request', '2', []),
];

/** The row of that key. Throws on a key that none has. */
export function rowOf(key: string): Row {
  const found = ROWS.find((row) => row.key === key);
  if (found === undefined) throw new Error(`no row ${key}; rows: ${ROWS.map((row) => row.key).join(', ')}`);
  return found;
}

function stickybench(key: RowKey, name: string, record: string, workers: string, options: readonly string[]): Row {
  return {
    key,
    name,
    does: { users: 'a jar and an address each', cookie: "from the user's jar", answers: 'five headers, judged by every analyzer', record },
    needs: null,
    ends: true,
    command: (task) => {
      const file = join(task.folder, 'bench.yml');
      writeFileSync(file, stickybenchWorkload(loadOf(task)));
      const run = [NODE, join(task.dist, 'cli/main.js'), 'run', file, '--quiet', '--format', 'json', '--out', join(task.folder, 'runs')];
      return [...run, '--workers', workers, ...options];
    },
  };
}

function wrk({ connections }: Task): readonly string[] {
  return ['wrk', '-t1', `-c${connections}`, `-d${FOREVER}`];
}

function withLua(script: string, task: Task): readonly string[] {
  return [...wrk(task), '-s', here(`clients/${script}`), pageOf(task), '--', `${task.connections}`];
}

function pageOf({ url, page }: Task): string {
  return `${url}${page}`;
}

function loadOf({ url, page, connections, seconds, certificate }: Task) {
  return { url: url.slice(0, -1), page, users: connections, seconds, certificate };
}
