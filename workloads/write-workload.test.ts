import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Template } from '../model/template.ts';
import type { Threshold } from '../model/threshold.ts';
import type { Phase, Step, Workload } from '../model/workload.ts';
import { bundledWorkloads } from './bundled.ts';
import { parseWorkload } from './parse-workload.ts';
import { formatProblems } from './problems/problem.ts';
import { writeWorkload } from './write-workload.ts';

function parsed(text: string, readText: (path: string) => string = () => ''): Workload {
  const outcome = parseWorkload(text, 'again.yml', readText);
  if ('problems' in outcome) throw new Error(`${formatProblems('again.yml', outcome.problems)}\n${text}`);
  return outcome.workload;
}

describe('a workload that was written', () => {
  it.each(bundledWorkloads().map(({ name, path }) => [name, path]))('reads back as %s', (_, path) => {
    const workload = parsed(readFileSync(path, 'utf8'));
    expect(parsed(writeWorkload(workload))).toEqual(workload);
  });

  it('reads back the rows of its payloads from their files', () => {
    const csv = (path: string) => (path === '/data/users.csv' ? 'login,pin\nann,007\n' : '');
    const text =
      "lab: { strategy: ip_hash }\nphases: [{ duration: 1s }]\nflow: [{ get: '/{{ pin }}' }]\npayload: { path: /data/users.csv, order: random }\n";
    const workload = parsed(text, csv);
    expect(workload.payload).toEqual([{ path: '/data/users.csv', fields: ['login', 'pin'], rows: [['ann', '007']], order: 'random' }]);
    expect(parsed(writeWorkload(workload), csv)).toEqual(workload);
  });

  it('reads back whatever it says', () => {
    fc.assert(
      fc.property(anyWorkload, (workload) => {
        expect(parsed(writeWorkload(workload))).toEqual(workload);
      }),
      { numRuns: 60 },
    );
  });
});

const micros = fc.integer({ min: 1, max: 10_000_000_000 });
const someMicros = fc.nat(10_000_000_000);
const letters = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,8}$/).filter((name) => !['store', 'balancer', 'none'].includes(name));
/** Words that YAML would take for something else are among them. */
const anyText = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom('true', '007', '1e3', '~', ' x ', 'a: b', '# no', "it's", '{{', '- a', '2:30'),
);
const variable = fc.constantFrom('user.id', 'user.name', 'color').map((name) => ({ variable: name }));

function templates(literal: fc.Arbitrary<string>): fc.Arbitrary<Template> {
  return fc.array(fc.tuple(literal, variable), { maxLength: 3 }).map((pairs) => pairs.flat());
}

const visible = fc.stringMatching(/^[!"$-~]{1,6}$/);
const path = templates(visible).map((template): Template => {
  const [first, ...rest] = template;
  return typeof first === 'string' ? [`/${first}`, ...rest] : ['/'];
});
const headers = fc
  .uniqueArray(fc.tuple(letters, templates(visible)), { selector: ([name]) => name.toLowerCase(), maxLength: 3 })
  .map((pairs) => [
    ...pairs.filter(([name]) => !/^(cookie|connection)$/i.test(name)).map(([name, value]) => ({ name, value })),
    { name: 'Content-Type', value: ['text/plain'] },
  ]);
const pattern = fc.constantFrom('^a$', '.', 'id=(\\d+)', '[{]', '#');

const capture = fc.oneof(
  fc.record({ from: fc.constant('header' as const), header: letters, as: letters }),
  fc.record({ from: fc.constant('cookie' as const), cookie: letters, as: letters }),
  fc.record({ from: fc.constant('regex' as const), pattern: fc.constant('id=(\\d+)'), group: fc.constantFrom(0, 1), as: letters }),
  fc.record({ from: fc.constant('json' as const), path: fc.constantFrom('a', 'items[0].id', '[3][1].x y'), as: letters }),
);

const request: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('request' as const),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
  path,
  name: anyText,
  op: fc.constantFrom('read', 'write', 'create', 'rotate', 'logout', 'other'),
  key: anyText,
  headers,
  body: templates(anyText),
  capture: fc.array(capture, { maxLength: 2 }),
  expect: fc.record({
    status: fc.array(fc.integer({ min: 100, max: 599 }), { maxLength: 2 }),
    headers: fc.uniqueArray(fc.record({ name: letters, pattern }), { selector: ({ name }) => name, maxLength: 2 }),
    body: fc.array(pattern, { maxLength: 2 }),
  }),
});

const think: fc.Arbitrary<Step> = fc
  .tuple(someMicros, someMicros)
  .map(([a, b]) => ({ kind: 'think', min: Math.min(a, b), max: Math.max(a, b) }));

const loop: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('loop' as const),
  count: fc.integer({ min: 1, max: 1000 }),
  over: fc.option(micros, { nil: null }),
  pace: fc.option(micros, { nil: null }),
  steps: fc.tuple(request, think).map((steps) => [...steps]),
});

const weight = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

const egress = fc.oneof(
  fc.record({ policy: fc.constant('fixed' as const), weight }),
  fc.record({ policy: fc.constant('same24' as const), weight, every: micros }),
  fc.record({
    policy: fc.constant('per_connection' as const),
    weight,
    exits: fc.constant(2),
    weights: fc.tuple(weight, weight).map((two) => [...two]),
    lifetime: micros,
  }),
  fc.record({ policy: fc.constant('per_request' as const), weight, exits: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ policy: fc.constant('switch' as const), weight, exits: fc.integer({ min: 1, max: 9 }), dwell: micros }),
  fc.record({
    policy: fc.constant('pingpong' as const),
    weight,
    gap: micros,
    away: fc.tuple(someMicros, micros).map(([a, b]): [number, number] => [a, a + b]),
  }),
  fc.record({
    policy: fc.constant('shared' as const),
    weight,
    exits: fc.integer({ min: 1, max: 9 }),
    sizes: fc.constantFrom('even', 'zipf'),
  }),
);

const closed: fc.Arbitrary<readonly Phase[]> = fc
  .array(
    fc.record({
      duration: micros,
      warmup: fc.boolean(),
      model: fc.constant('closed' as const),
      from: fc.nat(500),
      to: fc.integer({ min: 1, max: 500 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map(named);

const rate = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const open: fc.Arbitrary<readonly Phase[]> = fc
  .array(
    fc.record({
      duration: micros,
      warmup: fc.boolean(),
      model: fc.constant('open' as const),
      from: rate,
      to: rate,
      arrivals: fc.constantFrom('even', 'poisson'),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map(named);

/** Names of their own, and the last one no warm-up. */
function named(phases: readonly Omit<Phase, 'name'>[]): readonly Phase[] {
  return phases.map((phase, index) => ({ ...phase, name: `p ${index}`, warmup: phase.warmup && index < phases.length - 1 }) as Phase);
}

const call = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
  url: fc.constantFrom('http://127.0.0.1:1/x', 'https://a.b/?c=d'),
});

const faults = fc.array(
  fc.record({
    at: fc.constant(0),
    duration: fc.option(micros),
    action: fc.oneof(
      fc.record({ kind: fc.constant('exec' as const), target: fc.constantFrom('', 'b1'), run: anyText, undo: fc.option(anyText) }),
      fc.record({ kind: fc.constant('http' as const), target: fc.constantFrom('', 'b1'), request: call, undo: fc.option(call) }),
    ),
  }),
  { maxLength: 3 },
);

const THRESHOLDS: readonly Threshold[] = [
  {
    measure: 'affinity.correctness',
    labels: {},
    aggregate: { kind: 'value' },
    comparison: '==',
    limit: 1,
    text: 'affinity.correctness: value==1',
  },
  {
    measure: 'latency.felt',
    labels: { phase: 'p 0' },
    aggregate: { kind: 'p', quantile: 0.999 },
    comparison: '<',
    limit: 400_000,
    text: 'latency.felt{phase: p 0}: p(99.9) < 400ms',
  },
  {
    measure: 'latency.felt',
    labels: { phase: 'p 0' },
    aggregate: { kind: 'max' },
    comparison: '<=',
    limit: 1_000_000,
    text: 'latency.felt{phase: p 0}: max<=1s',
  },
  {
    measure: 'session.lost',
    labels: { cause: 'spurious' },
    aggregate: { kind: 'count' },
    comparison: '==',
    limit: 0,
    text: 'session.lost{cause:spurious}: count==0',
  },
];

const target = fc.oneof(
  fc.record({
    kind: fc.constant('lab' as const),
    strategy: fc.constantFrom('round_robin', 'ip_hash', 'jvm_route', 'redis_session', 'jvm_route_redis'),
    backends: fc.constant([
      { name: 'b1', weight: 1, down: false },
      { name: 'b2', weight: 7, down: true },
    ]),
    port: fc.nat(65_535),
    maxFails: fc.nat(9),
    failTimeout: fc.nat(99).map((seconds) => seconds * 1_000_000),
    sessionTimeout: fc.integer({ min: 5, max: 9999 }).map((seconds) => seconds * 1_000_000),
  }),
  fc.record({
    kind: fc.constant('own' as const),
    url: fc.constantFrom('https://shop.example.com', 'http://127.0.0.1:8080/app'),
    strategy: fc.constantFrom(null, 'ip_hash' as const),
    backends: fc.constantFrom([], ['b1', 'b2']),
    failTimeout: someMicros,
    sessionTimeout: someMicros.map((idle) => idle + 5_000_000),
  }),
) as fc.Arbitrary<Workload['target']>;

const anyParts = fc.record({
  name: letters,
  description: fc.oneof(fc.constant(''), anyText),
  seed: fc.maxSafeNat(),
  target,
  identify: fc.record({
    backend: fc.oneof(
      fc.record({ from: fc.constant('header' as const), header: letters }),
      fc.record({ from: fc.constant('cookie' as const), cookie: letters }),
      fc.record({ from: fc.constantFrom('route' as const, 'none' as const) }),
    ),
    path: fc.option(letters),
    names: fc.constantFrom({}, { '127.0.0.1:8081': 'b1', '5': 'b2' }),
  }),
  users: fc.record({
    count: fc.integer({ min: 1, max: 1000 }),
    sessionCookie: letters,
    egress: fc.array(egress, { minLength: 1, maxLength: 4 }),
    via: fc.oneof(
      fc.record({ via: fc.constant('header' as const), header: letters }),
      fc.record({ via: fc.constant('proxy_protocol' as const), version: fc.constantFrom(1 as const, 2 as const) }),
    ),
    pool: fc.constantFrom({ address: '127.0.0.0', prefix: 8 }, { address: '10.1.0.0', prefix: 24 }),
  }),
  http: fc.record({
    connections: fc.constantFrom('per_exit', 'per_user', 'browser'),
    timeout: micros,
    connectTimeout: micros,
    redirects: fc.nat(100),
    headers,
    maxBody: fc.integer({ min: 1, max: 1e12 }),
    ca: fc.option(anyText),
    insecure: fc.boolean(),
  }),
  phases: fc.oneof(closed, open),
  scenarios: fc
    .array(fc.record({ weight, flow: fc.tuple(request, think, loop).map((steps) => [...steps]) }), { minLength: 1, maxLength: 2 })
    .map((scenarios) => scenarios.map((scenario, index) => ({ name: `s${index}`, ...scenario }))),
  variables: fc.constantFrom({ color: ['red', '007', 'true'] }),
  payload: fc.constant([]),
  faults,
  thresholds: fc.constantFrom([], THRESHOLDS),
}) as fc.Arbitrary<Workload>;

/** A lab believes one header only. */
const anyWorkload = anyParts.map((workload): Workload => {
  if (workload.target.kind !== 'lab' || workload.users.via.via !== 'header') return workload;
  return { ...workload, users: { ...workload.users, via: { via: 'header', header: 'X-Forwarded-For' } } };
});
