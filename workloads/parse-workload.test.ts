import { describe, expect, it } from 'vitest';
import type { Phase, RequestStep, Workload } from '../model/workload.ts';
import { parseWorkload } from './parse-workload.ts';
import { formatProblems } from './problems/problem.ts';

function workload(text: string, csv = ''): Workload {
  const parsed = parseWorkload(text, 'shop/shop.yml', () => csv);
  if ('problems' in parsed) throw new Error(formatProblems('shop.yml', parsed.problems));
  return parsed.workload;
}

const SHORTEST = 'lab: { strategy: jvm_route }\nphases: [{ duration: 30s }]\nflow: [{ get: / }]\n';

function withPhases(phases: string): readonly Phase[] {
  return workload(`lab: { strategy: jvm_route }\nphases: ${phases}\nflow: [{ get: / }]\nusers: { count: 50 }\n`).phases;
}

function requests(flow: string): readonly RequestStep[] {
  const { scenarios } = workload(`lab: { strategy: jvm_route }\nphases: [{ duration: 30s }]\nflow: ${flow}\n`);
  return (scenarios[0]?.flow ?? []).filter((step) => step.kind === 'request');
}

describe('a workload', () => {
  it('has every default filled in', () => {
    expect(workload(SHORTEST)).toEqual({
      name: 'shop',
      description: '',
      seed: 1,
      target: {
        kind: 'lab',
        strategy: 'jvm_route',
        backends: [
          { name: 'tomcat01', weight: 1, down: false },
          { name: 'tomcat02', weight: 1, down: false },
        ],
        port: 0,
        maxFails: 1,
        failTimeout: 10_000_000,
        sessionTimeout: 1_800_000_000,
      },
      identify: { backend: { from: 'header', header: 'Sticky-Backend' }, path: 'X-Upstream', names: {} },
      users: {
        count: 100,
        sessionCookie: 'JSESSIONID',
        egress: [{ policy: 'fixed', weight: 1 }],
        via: { via: 'bind' },
        pool: { address: '127.0.0.0', prefix: 8 },
      },
      http: {
        connections: 'per_exit',
        timeout: 10_000_000,
        connectTimeout: 5_000_000,
        redirects: 5,
        headers: [],
        maxBody: 10_485_760,
        ca: null,
        insecure: false,
      },
      phases: [{ name: 'phase-1', duration: 30_000_000, warmup: false, model: 'closed', from: 100, to: 100 }],
      scenarios: [
        {
          name: 'flow',
          weight: 1,
          flow: [
            {
              kind: 'request',
              method: 'GET',
              path: ['/'],
              name: 'GET /',
              op: 'read',
              key: 'counter',
              headers: [],
              body: [],
              capture: [],
              expect: { status: [], headers: [], body: [] },
            },
          ],
        },
      ],
      variables: {},
      payload: [],
      faults: [],
      thresholds: [],
    });
  });

  it('describes a deployment of the user', () => {
    const text = `
target: { url: https://shop.example.com/app, strategy: ip_hash, backends: [a1, b1], fail_timeout: 500ms, session_timeout: 1h }
identify: { backend: { cookie: route }, path: none, names: { '10.0.0.1:80': a1 } }
phases: [{ duration: 30s }]
flow: [{ get: / }]
`;
    const { target, identify, users } = workload(text);
    expect(target).toEqual({
      kind: 'own',
      url: 'https://shop.example.com/app',
      strategy: 'ip_hash',
      backends: ['a1', 'b1'],
      failTimeout: 500_000,
      sessionTimeout: 3_600_000_000,
    });
    expect(identify).toEqual({ backend: { from: 'cookie', cookie: 'route' }, path: null, names: { '10.0.0.1:80': 'a1' } });
    expect(users.via).toEqual({ via: 'header', header: 'X-Forwarded-For' });
  });

  it.each([
    ['http://127.0.0.1:8080', { via: 'bind' }],
    ['http://localhost:8080', { via: 'bind' }],
    ['http://[::1]:8080', { via: 'header', header: 'X-Forwarded-For' }],
  ])('binds addresses by default only where they lead to %s', (url, via) => {
    expect(workload(`target: '${url}'\nphases: [{ duration: 30s }]\nflow: [{ get: / }]\n`).users.via).toEqual(via);
  });

  it('knows every egress policy', () => {
    const text = `${SHORTEST}users:
  egress:
    - { weight: 80%, policy: fixed }
    - { policy: same24, every: 1m }
    - { policy: per_connection }
    - { policy: per_connection, weights: [3, 1, 1], lifetime: 3s }
    - { policy: per_request }
    - { policy: switch, exits: 3 }
    - { policy: pingpong, away: 1s..2s }
    - { policy: shared, exits: 4, sizes: even }
  via: { proxy_protocol: v2 }
  pool: 10.0.0.0/16
`;
    expect(workload(text).users).toEqual({
      count: 100,
      sessionCookie: 'JSESSIONID',
      egress: [
        { policy: 'fixed', weight: 80 },
        { policy: 'same24', weight: 1, every: 60_000_000 },
        { policy: 'per_connection', weight: 1, exits: 2, weights: [1, 1], lifetime: 60_000_000 },
        { policy: 'per_connection', weight: 1, exits: 3, weights: [3, 1, 1], lifetime: 3_000_000 },
        { policy: 'per_request', weight: 1, exits: 4 },
        { policy: 'switch', weight: 1, exits: 3, dwell: 300_000_000 },
        { policy: 'pingpong', weight: 1, gap: 600_000_000, away: [1_000_000, 2_000_000] },
        { policy: 'shared', weight: 1, exits: 4, sizes: 'even' },
      ],
      via: { via: 'proxy_protocol', version: 2 },
      pool: { address: '10.0.0.0', prefix: 16 },
    });
  });
});

describe('phases', () => {
  it('begin where the last one ended, and the first at users.count', () => {
    expect(withPhases('[{ duration: 1s }, { duration: 1s, rampTo: 80 }, { duration: 1s, users: 10 }, { duration: 1s }]')).toEqual([
      { name: 'phase-1', duration: 1_000_000, warmup: false, model: 'closed', from: 50, to: 50 },
      { name: 'phase-2', duration: 1_000_000, warmup: false, model: 'closed', from: 50, to: 80 },
      { name: 'phase-3', duration: 1_000_000, warmup: false, model: 'closed', from: 10, to: 10 },
      { name: 'phase-4', duration: 1_000_000, warmup: false, model: 'closed', from: 10, to: 10 },
    ]);
  });

  it('begin at 0 when the first is a ramp', () => {
    expect(withPhases('[{ name: up, duration: 1s, rampTo: 80, warmup: true }, { duration: 1s }]')).toEqual([
      { name: 'up', duration: 1_000_000, warmup: true, model: 'closed', from: 0, to: 80 },
      { name: 'phase-2', duration: 1_000_000, warmup: false, model: 'closed', from: 80, to: 80 },
    ]);
  });

  it('are of the open model when one has a rate', () => {
    expect(
      withPhases(
        '[{ duration: 1s, rampTo: 20 }, { duration: 1s, arrivals: poisson }, { duration: 1s, arrivalRate: 600/min, rampTo: 0/s }]',
      ),
    ).toEqual([
      { name: 'phase-1', duration: 1_000_000, warmup: false, model: 'open', from: 0, to: 20, arrivals: 'even' },
      { name: 'phase-2', duration: 1_000_000, warmup: false, model: 'open', from: 20, to: 20, arrivals: 'poisson' },
      { name: 'phase-3', duration: 1_000_000, warmup: false, model: 'open', from: 10, to: 0, arrivals: 'even' },
    ]);
  });

  it('come in staircases, of users or of rates', () => {
    expect(withPhases('[{ name: up, staircase: { from: 20, step: -5, each: 2s, count: 3 } }, { duration: 1s }]')).toEqual([
      { name: 'up-1', duration: 2_000_000, warmup: false, model: 'closed', from: 20, to: 20 },
      { name: 'up-2', duration: 2_000_000, warmup: false, model: 'closed', from: 15, to: 15 },
      { name: 'up-3', duration: 2_000_000, warmup: false, model: 'closed', from: 10, to: 10 },
      { name: 'phase-2', duration: 1_000_000, warmup: false, model: 'closed', from: 10, to: 10 },
    ]);
    expect(withPhases('[{ staircase: { from: 5/s, step: 2.5, each: 2s, count: 2 } }]')).toEqual([
      { name: 'phase-1-1', duration: 2_000_000, warmup: false, model: 'open', from: 5, to: 5, arrivals: 'even' },
      { name: 'phase-1-2', duration: 2_000_000, warmup: false, model: 'open', from: 7.5, to: 7.5, arrivals: 'even' },
    ]);
  });
});

describe('requests', () => {
  it.each([
    ['get: /cart', 'read'],
    ['head: /login', 'read'],
    ['options: /logout', 'read'],
    ['get: /login', 'read'],
    ['post: /app/Login?next=/x', 'rotate'],
    ['put: /login/', 'rotate'],
    ['delete: /login', 'write'],
    ['get: /logout', 'logout'],
    ['post: /user/logout', 'logout'],
    ['post: /cart', 'write'],
    ['patch: /cart', 'write'],
    ["post: '/{{ user.id }}'", 'write'],
    ['{ post: /cart, op: other }', 'other'],
  ])('%s is a %s', (step, op) => {
    expect(requests(`[${step.startsWith('{') ? step : `{ ${step} }`}]`).map((request) => request.op)).toEqual([op]);
  });

  it('carry JSON, forms and texts with their content types', () => {
    const flow = `
  - { post: /a, json: { who: '{{ user.name }}', n: 1, list: [true, null] } }
  - { post: /b, form: { who: '{{ user.name }}', 'a b': 'c&d e', n: 2 } }
  - { post: /c, body: 'plain {{ user.id }}' }
  - { post: /d, body: '<a/>', headers: { content-type: text/xml } }
  - { post: /e, body: '' }`;
    expect(requests(flow).map(({ body, headers }) => ({ body, headers }))).toEqual([
      {
        body: ['{"who":"', { variable: 'user.name' }, '","n":1,"list":[true,null]}'],
        headers: [{ name: 'Content-Type', value: ['application/json'] }],
      },
      {
        body: ['who=', { variable: 'user.name' }, '&a+b=c%26d+e&n=2'],
        headers: [{ name: 'Content-Type', value: ['application/x-www-form-urlencoded'] }],
      },
      { body: ['plain ', { variable: 'user.id' }], headers: [{ name: 'Content-Type', value: ['text/plain; charset=utf-8'] }] },
      { body: ['<a/>'], headers: [{ name: 'content-type', value: ['text/xml'] }] },
      { body: [], headers: [] },
    ]);
  });

  it('capture and expect', () => {
    const flow = `
  - get: /a
    capture:
      - { header: X-Token, as: token }
      - { cookie: lang, as: lang }
      - { regex: 'id=(\\d+)', as: id }
      - { regex: 'id=\\d+', as: whole }
      - { json: '$.items[0].id', as: item }
    expect: { status: [200, 204], headers: { X-A: ^b$ }, body: Welcome }
  - { get: '/b/{{ token }}', capture: { json: a, as: token }, expect: { status: 404, body: [x, y] } }`;
    expect(requests(flow).map(({ capture, expect }) => ({ capture, expect }))).toEqual([
      {
        capture: [
          { from: 'header', header: 'X-Token', as: 'token' },
          { from: 'cookie', cookie: 'lang', as: 'lang' },
          { from: 'regex', pattern: 'id=(\\d+)', group: 1, as: 'id' },
          { from: 'regex', pattern: 'id=\\d+', group: 0, as: 'whole' },
          { from: 'json', path: 'items[0].id', as: 'item' },
        ],
        expect: { status: [200, 204], headers: [{ name: 'X-A', pattern: '^b$' }], body: ['Welcome'] },
      },
      { capture: [{ from: 'json', path: 'a', as: 'token' }], expect: { status: [404], headers: [], body: ['x', 'y'] } },
    ]);
  });

  it('are named for method and path, without the query', () => {
    const names = requests(`
  - { post: '/login?token=SECRET{{ user.id }}' }
  - { get: '/{{ user.id }}?a?b' }
  - { get: '/a/{{ user.id }}/{{ user.name }}' }
  - { get: /x?token=y, name: 'GET /x?token' }`);
    expect(names.map(({ name }) => name)).toEqual([
      'POST /login',
      'GET /{{ user.id }}',
      'GET /a/{{ user.id }}/{{ user.name }}',
      'GET /x?token',
    ]);
  });

  it('keep the path of a whole URL', () => {
    const { scenarios } = workload(`target: http://127.0.0.1:8080
phases: [{ duration: 30s }]
flow: [{ get: 'http://127.0.0.1:8080/a?b' }, { get: 'http://127.0.0.1:8080' }, { get: 'http://127.0.0.1:8080?{{ user.id }}' }]
`);
    expect(scenarios[0]?.flow.map((step) => step.kind === 'request' && step.path)).toEqual([
      ['/a?b'],
      ['/'],
      ['/?', { variable: 'user.id' }],
    ]);
  });
});

describe('loops, scenarios, variables and payloads', () => {
  it('become plain data', () => {
    const text = `lab: { strategy: jvm_route }
phases: [{ duration: 30s }]
scenarios:
  - flow: [{ get: '/{{ color }}/{{ login }}' }, { think: 200ms..1s }]
  - { name: buy, weight: 20%, flow: [{ loop: [{ get: / }, { think: 0 }], count: 3, over: 1m, pace: 2s }] }
variables: { color: [red, green], size: 3 }
payload: { path: users.csv, order: random }
`;
    const { scenarios, variables, payload } = workload(text, 'login\nann\nbob\n');
    expect(scenarios.map(({ name, weight }) => ({ name, weight }))).toEqual([
      { name: 'scenario-1', weight: 1 },
      { name: 'buy', weight: 20 },
    ]);
    expect(scenarios[0]?.flow[1]).toEqual({ kind: 'think', min: 200_000, max: 1_000_000 });
    expect(scenarios[1]?.flow[0]).toMatchObject({ kind: 'loop', count: 3, over: 60_000_000, pace: 2_000_000 });
    expect(variables).toEqual({ color: ['red', 'green'], size: ['3'] });
    expect(payload).toEqual([{ path: 'shop/users.csv', fields: ['login'], rows: [['ann'], ['bob']], order: 'random' }]);
  });

  it('takes every row of a file whose columns are named by the workload, but a header that repeats the names', () => {
    const text = `${SHORTEST}payload: { path: users.csv, fields: [login, pin] }\n`;
    expect(workload(text, 'ann,1\nbob,2\n').payload[0]?.rows).toEqual([
      ['ann', '1'],
      ['bob', '2'],
    ]);
    expect(workload(text, 'login,pin\nbob,2\n').payload[0]?.rows).toEqual([['bob', '2']]);
  });
});

describe('faults and thresholds', () => {
  it('become plain data', () => {
    const text = `target: { url: http://127.0.0.1:8080, backends: [a1] }
phases: [{ name: steady, duration: 30s }]
flow: [{ get: / }]
faults:
  - { at: 5s, for: 1s, exec: 'ssh a1 down', undo: 'ssh a1 up', target: a1 }
  - { at: 6s, exec: 'ssh a1 reboot' }
  - { at: 7s, for: 2s, http: { post: 'http://127.0.0.1:9/down' }, undo: { delete: 'http://127.0.0.1:9/down' } }
thresholds:
  'latency.felt{ phase : steady }': ['p(99.9) < 1s500ms', max<2s]
  affinity.raw: value>=99.5%
  throughput.ok: rate>600/min
`;
    const { faults, thresholds } = workload(text);
    expect(faults).toEqual([
      { at: 5_000_000, duration: 1_000_000, action: { kind: 'exec', target: 'a1', run: 'ssh a1 down', undo: 'ssh a1 up' } },
      { at: 6_000_000, duration: null, action: { kind: 'exec', target: '', run: 'ssh a1 reboot', undo: null } },
      {
        at: 7_000_000,
        duration: 2_000_000,
        action: {
          kind: 'http',
          target: '',
          request: { method: 'POST', url: 'http://127.0.0.1:9/down' },
          undo: { method: 'DELETE', url: 'http://127.0.0.1:9/down' },
        },
      },
    ]);
    expect(thresholds).toEqual([
      {
        measure: 'latency.felt',
        labels: { phase: 'steady' },
        aggregate: { kind: 'p', quantile: 0.999 },
        comparison: '<',
        limit: 1_500_000,
        text: 'latency.felt{ phase : steady }: p(99.9) < 1s500ms',
      },
      {
        measure: 'latency.felt',
        labels: { phase: 'steady' },
        aggregate: { kind: 'max' },
        comparison: '<',
        limit: 2_000_000,
        text: 'latency.felt{ phase : steady }: max<2s',
      },
      {
        measure: 'affinity.raw',
        labels: {},
        aggregate: { kind: 'value' },
        comparison: '>=',
        limit: 0.995,
        text: 'affinity.raw: value>=99.5%',
      },
      {
        measure: 'throughput.ok',
        labels: {},
        aggregate: { kind: 'rate' },
        comparison: '>',
        limit: 10,
        text: 'throughput.ok: rate>600/min',
      },
    ]);
  });

  it('lets the store be hurt where there is one', () => {
    const text =
      'lab: { strategy: redis_session }\nphases: [{ duration: 30s }]\nflow: [{ get: / }]\nfaults: [{ at: 1s, kill: store, for: 2s }]\n';
    expect(workload(text).faults).toEqual([{ at: 1_000_000, duration: 2_000_000, action: { kind: 'kill', target: 'store' } }]);
  });

  it('lets aliases repeat a part', () => {
    const text =
      'lab: { strategy: jvm_route }\nphases: [&p { name: a, duration: 1s }]\nscenarios: [{ flow: &f [{ get: / }] }, { flow: *f }]\n';
    expect(workload(text).scenarios.map(({ flow }) => flow.length)).toEqual([1, 1]);
  });
});
