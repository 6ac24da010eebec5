// The embedded balancer against the real nginx: the same requests, the same deaths, in front of the same kind of backends.

import { expect, it } from 'vitest';
import { describeReal } from '../../test/setup/real-lab.ts';
import { type Ask, kill, type Rig, type RigPlan, revive, startRig, untilUnread } from './fixtures/rig.ts';

type Script = (rig: Rig) => Promise<readonly string[]>;

const SECOND = 1_000_000;
/** No script lasts this long: what is shunned stays so. */
const FOR_EVER = 600 * SECOND;

function plan(strategy: RigPlan['strategy'], weights: readonly number[], change: Partial<RigPlan> = {}): RigPlan {
  const backends = weights.map((weight, index) => ({ name: `node${index + 1}`, weight, down: false }));
  return { strategy, backends, maxFails: 1, failTimeout: FOR_EVER, ...change };
}

function withDown(strategy: RigPlan['strategy'], weights: readonly number[], down: string): RigPlan {
  const whole = plan(strategy, weights);
  return { ...whole, backends: whole.backends.map((backend) => ({ ...backend, down: backend.name === down })) };
}

/** Runs the script on both; they must agree on every answer and on every line of the access log. Resolves with what both said. */
async function agreed(on: RigPlan, script: Script): Promise<readonly string[]> {
  const [embedded, real] = await Promise.all((['embedded', 'real'] as const).map((kind) => told(kind, on, script)));
  expect(embedded).toEqual(real);
  return real?.said ?? [];
}

async function told(kind: 'embedded' | 'real', on: RigPlan, script: Script) {
  const rig = await startRig(kind, on);
  try {
    const said = await script(rig);
    return { said, log: anonymous(await rig.log()) };
  } finally {
    await rig.supervisor.stopAll();
  }
}

/** The ids that backends make up are random. */
function anonymous(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll(/[0-9A-F]{32}/g, 'ID'));
}

const ask = (change: Partial<Ask> = {}): Ask => ({ method: 'GET', path: '/visit', from: '127.0.0.1', headers: {}, ...change });
const forwarded = (address: string | string[], method = 'GET') => ask({ method, headers: { 'X-Forwarded-For': address } });
const cookie = (text: string, method = 'GET') => ask({ method, headers: { Cookie: text } });
const at = (route: string, method = 'GET') => cookie(`JSESSIONID=0123.${route}`, method);

async function inTurn(rig: Rig, asks: readonly Ask[]): Promise<readonly string[]> {
  const said: string[] = [];
  for (const one of asks) said.push(await rig.send(one));
  return said;
}

const ADDRESSES = [
  '192.0.2.1',
  '192.0.2.254',
  '192.0.3.1',
  '198.51.100.7',
  '203.0.113.9',
  '10.0.1.1',
  '172.16.5.4',
  '8.8.8.8',
  '2001:db8::1',
];
const FIXED_POINT = '100.18.144.1';

/** Kills one after the other; all addresses by GET and POST before, between and after. */
const dying: Script = async (rig) => {
  const all = ['GET', 'POST'].flatMap((method) => [...ADDRESSES, FIXED_POINT].map((address) => forwarded(address, method)));
  const said = [...(await inTurn(rig, all))];
  for (const { name } of rig.servers) {
    await kill(rig, name);
    said.push(`${name} dies`, ...(await inTurn(rig, all)));
  }
  return said;
};

describeReal('the embedded balancer and nginx agree', () => {
  it('on who is the client', async () => {
    const said = await agreed(plan('ip_hash', [1, 1, 1]), (rig) =>
      inTurn(rig, [
        ...['127.0.0.1', '127.1.2.3', '127.7.8.9', '127.200.3.4', '127.200.4.4'].map((from) => ask({ from })),
        ...[
          '10.1.2.3, 192.0.2.1',
          '192.0.2.1:4711',
          '[2001:db8::1]:80',
          '2001:db8::1',
          '::ffff:192.0.2.1',
          'unknown',
          '',
          ' 8.8.8.8 ,',
          '1.2.3',
        ].map((text) => forwarded(text)),
        forwarded(['10.1.2.3', '8.8.8.8']),
      ]),
    );
    expect(said.slice(0, 2)).toEqual(['200 [node3] by node3', expect.stringMatching(/^200 \[(node\d)\] by \1$/)]);
  });

  it.each([
    ['three servers', plan('ip_hash', [1, 1, 1])],
    ['two', plan('ip_hash', [1, 1])],
    ['one', plan('ip_hash', [1])],
    ['weights', plan('ip_hash', [5, 1, 2])],
    ['one that is down', withDown('ip_hash', [1, 1, 1], 'node1')],
    ['two failures to be shunned', plan('ip_hash', [1, 3, 1], { maxFails: 2 })],
    ['none ever shunned', plan('ip_hash', [1, 1, 1], { maxFails: 0 })],
  ])('on ip_hash with %s, while all of them die', async (_, on) => {
    const said = await agreed(on, dying);
    expect(said.at(-1)).toMatch(/^502 \[(backends|node[\d, node]*)\] by nobody$/);
  });

  it.each([
    ['equal servers', plan('round_robin', [1, 1, 1])],
    ['weights', plan('round_robin', [5, 1, 2])],
    ['one that is down', withDown('round_robin', [2, 1, 1], 'node2')],
    ['weights and three failures to be shunned', plan('round_robin', [4, 3, 1], { maxFails: 3 })],
  ])('on turns with %s, while all of them die', async (_, on) => {
    const said = await agreed(on, dying);
    expect(said.at(-1)).toBe('502 [backends] by nobody');
  });

  it('on what is a route', async () => {
    const said = await agreed(plan('jvm_route', [1, 1, 1]), (rig) =>
      inTurn(rig, [
        ...['JSESSIONID=1.node2', 'jsessionid=1.node2', 'x=1; JSESSIONID=1.node2; y=2', 'JSESSIONID=1.node1; JSESSIONID=1.node3'].map(
          (text) => cookie(text),
        ),
        ...['JSESSIONID=1.x.node2', 'JSESSIONID=.node3', 'JSESSIONID="1.node2"', 'JSESSIONID=1.node2 ; y=2', 'JSESSIONID = 1.node2'].map(
          (text) => cookie(text),
        ),
        ...[
          'JSESSIONID=1node2',
          'JSESSIONID=1.',
          'JSESSIONID=1.NODE2',
          'JSESSIONID=1.mynode2',
          'JSESSIONID=1.node',
          'JSESSIONID=',
          'MYJSESSIONID=1.node2',
        ].map((text) => cookie(text)),
        ...['/visit;jsessionid=1.node2', '/visit;JSESSIONID=1.node2?a=1', '/visit;jsessionid=1.node3;x=1', '/visit?jsessionid=1.node2'].map(
          (path) => ask({ path }),
        ),
        ask({ path: '/visit;jsessionid=1.node1', headers: { Cookie: 'JSESSIONID=1.node3' } }),
        ask({ path: '/visit;jsessionid=1.node1', headers: { Cookie: 'JSESSIONID=unrouted' } }),
        ask({ headers: { Cookie: ['a=1', 'JSESSIONID=1.node3'] } }),
      ]),
    );
    expect(said.slice(0, 4)).toEqual(['node2', 'node2', 'node2', 'node1'].map((name) => `200 [${name}] by ${name}`));
  });

  it.each([
    ['equal servers', plan('jvm_route', [1, 1, 1])],
    ['weights', plan('jvm_route', [3, 1, 2])],
    ['one that is down', withDown('jvm_route', [1, 1, 1], 'node2')],
    ['one server', plan('jvm_route', [1])],
    ['two failures to be shunned', plan('jvm_route', [1, 1], { maxFails: 2 })],
  ])('on routes with %s, while all of them die', async (_, on) => {
    const routes = ['GET', 'POST'].flatMap((method) => [
      ...on.backends.map(({ name }) => at(name, method)),
      at('stranger', method),
      ask({ method }),
    ]);
    const said = await agreed(on, async (rig) => {
      const all: string[] = [...(await inTurn(rig, routes))];
      for (const { name } of rig.servers) {
        await kill(rig, name);
        all.push(`${name} dies`, ...(await inTurn(rig, [...routes, ...routes])));
      }
      return all;
    });
    expect(said.at(-1)).toMatch(/^502 \[(any|node1)\] by nobody$/);
  });

  it('on a request that was sent before its server died: GET goes on, POST is lost', async () => {
    const dyingInHand =
      (method: string): Script =>
      async (rig) => {
        const home = rig.servers[0]!;
        rig.supervisor.children.get(home.name)!.signal('SIGSTOP');
        const answer = rig.send(at(home.name, method));
        await untilUnread(home);
        await kill(rig, home.name);
        return [await answer, ...(await inTurn(rig, [at(home.name, method), at('node2', method)]))];
      };
    expect(await agreed(plan('jvm_route', [1, 1]), dyingInHand('GET'))).toEqual([
      '200 [node1, node2] by node2',
      '200 [node2] by node2',
      '200 [node2] by node2',
    ]);
    expect(await agreed(plan('jvm_route', [1, 1]), dyingInHand('POST'))).toEqual([
      '502 [node1] by nobody',
      '200 [node2] by node2',
      '200 [node2] by node2',
    ]);
  });

  it('on a home that comes back: shunned to the end of fail_timeout, then taken again', async () => {
    const returning: Script = async (rig) => {
      const said = [await rig.send(at('node1'))];
      await kill(rig, 'node1');
      said.push(await rig.send(at('node1')));
      await revive(rig, 'node1');
      for (const deadline = performance.now() + 20_000; performance.now() < deadline; ) {
        const next = await rig.send(at('node1'));
        if (next !== said.at(-1)) said.push(next);
        if (next === said[0]) return said;
      }
      return said;
    };
    const rigs = (['embedded', 'real'] as const).map((kind) => told(kind, plan('jvm_route', [1, 1], { failTimeout: SECOND }), returning));
    for (const { said } of await Promise.all(rigs)) {
      expect(said).toEqual(['200 [node1] by node1', '200 [node1, node2] by node2', '200 [node2] by node2', '200 [node1] by node1']);
    }
  });

  it.each([1, 2, 3])('on requests, deaths and returns at random (%d)', async (seed) => {
    for (const strategy of ['ip_hash', 'jvm_route', 'round_robin'] as const) {
      const said = await agreed(plan(strategy, [2, 1, 3, 1], { maxFails: seed }), atRandom(seed));
      expect(said.length).toBe(STEPS);
    }
  });
});

const STEPS = 160;

function atRandom(seed: number): Script {
  return async (rig) => {
    const below = randomBelow(seed);
    const living = new Set(rig.servers.map(({ name }) => name));
    const said: string[] = [];
    for (let step = 1; step <= STEPS; step += 1)
      said.push(step % 20 === 0 ? await turnOfFate(rig, living, below) : await rig.send(anyRequest(below)));
    return said;
  };
}

async function turnOfFate(rig: Rig, living: Set<string>, below: (limit: number) => number): Promise<string> {
  const { name } = rig.servers[below(rig.servers.length)]!;
  if (living.delete(name)) {
    await kill(rig, name);
    return `${name} dies`;
  }
  living.add(name);
  await revive(rig, name);
  return `${name} returns`;
}

function anyRequest(below: (limit: number) => number): Ask {
  const method = ['GET', 'POST', 'PUT'][below(3)]!;
  const address = `${1 + below(223)}.${below(256)}.${below(256)}.${below(256)}`;
  const route = ['', 'node1', 'node2', 'node3', 'node4', 'node5'][below(6)]!;
  return ask({ method, headers: { 'X-Forwarded-For': address, ...(route === '' ? {} : { Cookie: `JSESSIONID=0123.${route}` }) } });
}

/** mulberry32. */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
