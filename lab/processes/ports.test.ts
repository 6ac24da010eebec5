import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, tellsPortInUse } from './ports.ts';

function listening(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

describe('freePort', () => {
  it('gives each port once, outside the range of outgoing connections', async () => {
    const [from = 0, to = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').trim().split(/\s+/).map(Number);
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    expect(ports.filter((port) => port >= from && port <= to)).toEqual([]);
    expect(new Set(ports).size).toBe(20);
  });

  it('takes what the kernel gives where outgoing connections may have every port', async () => {
    const ports: number[] = [];
    for (let i = 0; i < 5; i += 1) ports.push(await freePort({ from: 1024, to: 65_535 }));
    const servers = await Promise.all(ports.map(listening));
    expect(servers.map((server) => (server.address() as AddressInfo).port)).toEqual(ports);
    expect(new Set(ports).size).toBe(5);
    for (const server of servers) server.close();
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
