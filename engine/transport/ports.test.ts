// The allocator of source ports.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WHOLE } from '../../model/shard.ts';
import { ownPorts, portAllocator, portsOutside } from './ports.ts';

describe('source ports', () => {
  it('come from the ranges, round and round, each source by itself', () => {
    const ports = portAllocator(
      [
        [10, 11],
        [20, 20],
      ],
      WHOLE,
      0,
    );
    expect([ports.take('a'), ports.take('a'), ports.take('b'), ports.take('a')]).toEqual([10, 11, 10, 20]);
  });

  it('begin where they are told to', () => {
    const ports = portAllocator([[10, 12]], WHOLE, 4);
    expect([ports.take('a'), ports.take('a'), ports.take('a')]).toEqual([11, 12, 10]);
  });

  it('are used again as late as can be', () => {
    const ports = portAllocator([[1, 3]], WHOLE, 0);
    const first = ports.take('a');
    ports.give('a', first ?? 0);
    expect([first, ports.take('a'), ports.take('a'), ports.take('a'), ports.take('a')]).toEqual([1, 2, 3, 1, null]);
  });

  it('go on where the last source stopped, so that a port is not used twice at once', () => {
    const ports = portAllocator([[1, 9]], WHOLE, 0);
    const taken = ['a', 'a', 'b', 'b'].map((source) => {
      const port = ports.take(source) ?? 0;
      ports.give(source, port);
      return port;
    });
    expect(taken).toEqual([1, 2, 3, 4]);
  });

  it('are exhausted when all are taken, and there again when one comes back', () => {
    const ports = portAllocator([[1, 2]], WHOLE, 0);
    ports.take('a');
    ports.take('a');
    expect(ports.take('a')).toBe(null);
    ports.give('a', 2);
    expect(ports.take('a')).toBe(2);
  });

  it('are those of the shard: workers never meet on a source', () => {
    const taken = [0, 1, 2].map((index) => {
      const ports = portAllocator([[10, 14]], { index, of: 3 }, 0);
      return [ports.take('a'), ports.take('a'), ports.take('a')];
    });
    expect(taken).toEqual([
      [12, null, null],
      [10, 13, null],
      [11, 14, null],
    ]);
  });

  it('do not exist in empty ranges', () => {
    expect(portAllocator([[5, 4]], WHOLE, 0).take('a')).toBe(null);
  });

  it('are left to the system where its own range leaves hardly any', () => {
    for (const range of [
      [1024, 65535],
      [1, 65535],
      [2000, 65535],
    ] as const) {
      const ports = portsOutside(range, WHOLE, 0);
      expect([ports.take('a'), ports.take('a')]).toEqual([0, 0]);
    }
    expect([portsOutside([2024, 65535], WHOLE, 0).take('a'), portsOutside([1024, 64535], WHOLE, 0).take('a')]).toEqual([1024, 64536]);
  });

  it.runIf(process.platform === 'linux')('are never in the range that the system itself gives out', () => {
    const [low = 0, high = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    const ports = ownPorts(WHOLE);
    const taken = [];
    for (let port = ports.take('a'); port !== null; port = ports.take('a')) taken.push(port);
    expect(taken.filter((port) => (port >= low && port <= high) || port < 1024)).toEqual([]);
    expect(new Set(taken).size).toBe(65536 - 1024 - (high - low + 1));
  });
});
