import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from './fixtures/ip_hash_vectors.json' with { type: 'json' };
import { request, servers, walk } from './fixtures/servers.ts';
import { hashKey, ipHash, rehash } from './ip-hash.ts';

const NOW = 1_000_000;

function home(address: string, weights: readonly number[]): number {
  return 'abcdefgh'.indexOf(walk(ipHash('g', servers(weights)), request({ address }), '', NOW));
}

/** Every server refuses and none is ever shunned: the order in which one request tries them. */
function retryOrder(address: string, count: number): readonly number[] {
  const router = ipHash('g', servers(new Array(count).fill(1), { maxFails: 0 }));
  return [...walk(router, request({ address }), 'abcdefgh', NOW)].map((name) => 'abcdefgh'.indexOf(name));
}

/** A request refused by the home makes it shunned; the next one goes elsewhere without trying it. */
function nextWhenShunned(address: string, count: number): number {
  const router = ipHash('g', servers(new Array(count).fill(1)));
  const first = walk(router, request({ address }), 'abcdefgh'[home(address, new Array(count).fill(1))] ?? '', NOW);
  const second = walk(router, request({ address }), '', NOW);
  return first[1] === second ? 'abcdefgh'.indexOf(second) : Number.NaN;
}

describe('ip_hash on the vectors checked against nginx', () => {
  it.each(vectors.vectors)('$addr', (vector) => {
    const { addr } = vector;
    const group = (count: number) => ({
      home: home(addr, new Array(count).fill(1)),
      retry_order: retryOrder(addr, count),
      if_home_unavailable: nextWhenShunned(addr, count),
    });
    const marked = servers([1, 1, 1]).map((server, index) => (index === 0 ? { ...server, down: true } : server));
    expect({
      addr,
      key: hashKey(addr)
        .map((octet) => octet.toString(16).padStart(2, '0'))
        .join(''),
      hash1: rehash(hashKey(addr)),
      n2: group(2),
      n3: group(3),
      n4: group(4),
      weights_5_1_1: home(addr, [5, 1, 1]),
      weights_1_2: home(addr, [1, 2]),
      n3_server0_marked_down: 'abc'.indexOf(walk(ipHash('g', marked), request({ address: addr }), '', NOW)),
    }).toEqual(vector);
  });

  it('has vectors of every kind of address', () => {
    expect(vectors.vectors.map((vector) => vector.addr)).toEqual([
      '192.0.2.1',
      '192.0.2.254',
      '192.0.3.1',
      '198.51.100.7',
      '203.0.113.9',
      '10.0.0.1',
      '10.0.1.1',
      '172.16.5.4',
      '127.0.0.1',
      '8.8.8.8',
      '2001:db8::1',
      '2001:db8::2',
      '::ffff:192.0.2.1',
      'unix:',
    ]);
  });
});

describe('the hash', () => {
  it('is (295 + 227a + 113b + c) mod 6271 for an IPv4, and each further round h -> (567h + K) mod 6271', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), ([a, b, c, d]) => {
        const key = hashKey(`${a}.${b}.${c}.${d}`);
        const k = (227 * a + 113 * b + c) % 6271;
        const first = (295 + k) % 6271;
        expect([rehash(key), rehash(key, first)]).toEqual([first, (567 * first + k) % 6271]);
      }),
    );
  });

  it('does not see the last octet of an IPv4', () => {
    expect(Array.from({ length: 256 }, (_, d) => rehash(hashKey(`192.0.2.${d}`)))).toEqual(new Array(256).fill(6255));
  });

  it('sees the last octet of an IPv4 that comes as an IPv6', () => {
    expect([rehash(hashKey('::ffff:192.0.2.1')), rehash(hashKey('::ffff:192.0.2.2')), rehash(hashKey('::ffff:c000:201'))]).toEqual([
      2688, 2689, 2688,
    ]);
  });
});

describe('aligned subnets', () => {
  const homes = (step: number, count: number) =>
    new Set(Array.from({ length: 256 / step }, (_, i) => home(`10.20.${i * step}.9`, new Array(count).fill(1))));

  it('collapse on one server: /23s with two, /22s with four', () => {
    expect([homes(2, 2).size, homes(4, 4).size]).toEqual([1, 1]);
  });

  it('spread over all servers when they are not aligned', () => {
    expect([homes(1, 2).size, homes(1, 4).size]).toEqual([2, 4]);
  });
});

describe('a network for which every round gives the same hash', () => {
  it('is not sticky at all while its home is dead: requests alternate between the survivors', () => {
    const router = ipHash('g', servers([1, 1, 1], { maxFails: 0 }));
    const asked = request({ address: '100.18.144.1' });
    expect(rehash(hashKey(asked.address))).toBe(89);
    const dead = walk(router, asked, '', NOW);
    expect(Array.from({ length: 6 }, () => walk(router, asked, dead, NOW))).toEqual(['ca', 'cb', 'ca', 'cb', 'ca', 'cb']);
  });
});

describe('changes of the server list', () => {
  const networks = Array.from({ length: 4096 }, (_, i) => `10.${i >> 8}.${i & 255}.1`);
  const all = (weights: readonly number[]) => networks.map((address) => home(address, weights));

  it('marking a server down moves its own users and nobody else', () => {
    const before = all([1, 1, 1]);
    const router = ipHash(
      'g',
      servers([1, 1, 1]).map((server) => (server.name === 'b' ? { ...server, down: true } : server)),
    );
    const after = networks.map((address) => 'abc'.indexOf(walk(router, request({ address }), '', NOW)));
    expect(before.filter((server, i) => server !== 1 && after[i] !== server)).toEqual([]);
    expect(after).not.toContain(1);
  });

  it('leaving the last line out moves about n/(n+1) of all users', () => {
    const [three, four] = [all([1, 1, 1]), all([1, 1, 1, 1])];
    const moved = three.filter((server, i) => four[i] !== server).length / networks.length;
    expect(moved).toBeCloseTo(0.75, 2);
  });
});

describe('one server', () => {
  it('is used whatever it did before', () => {
    const router = ipHash('g', servers([1]));
    expect([walk(router, request(), 'a', NOW), walk(router, request(), '', NOW)]).toEqual(['a', 'a']);
  });
});
