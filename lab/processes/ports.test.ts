import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freePort, tellsPortInUse } from './ports.ts';

describe('freePort', () => {
  it('gives each port once, outside the range of outgoing connections', async () => {
    const [from = 0, to = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').trim().split(/\s+/).map(Number);
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    expect(ports.filter((port) => port >= from && port <= to)).toEqual([]);
    expect(new Set(ports).size).toBe(20);
  });
});

describe('tellsPortInUse', () => {
  it.each([
    ['Error: listen EADDRINUSE: address already in use 127.0.0.1:8080', true],
    ['nginx: [emerg] bind() to 127.0.0.1:8080 failed (98: Address already in use)', true],
    ['Warning: Could not create server TCP listening socket 127.0.0.1:6379: bind: Address already in use', true],
    ['java.net.BindException: Address already in use', true],
    ['nginx: [emerg] unknown directive', false],
  ])('%s: %s', (line, told) => {
    expect(tellsPortInUse(line)).toBe(told);
  });
});
