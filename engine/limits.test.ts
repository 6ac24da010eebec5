// What is refused before a run, and what is only warned of.

import { describe, expect, it } from 'vitest';
import type { StickyError } from '../model/errors.ts';
import { ALONE, type Workforce } from '../model/shard.ts';
import { SECOND } from '../model/units.ts';
import type { Step, Workload } from '../model/workload.ts';
import { closed, get, think, workload } from './fixtures/fake-world.ts';
import { checkLimits, weighLimits } from './limits.ts';
import type { Machine } from './limits-machine.ts';

const DEBIAN: Machine = { openFiles: 20_000, ephemeral: [32768, 60999], timestamps: true };

function load(users: number, flow: readonly Step[], rest: Partial<Workload['users']> = {}): Workload {
  return workload(flow, { phases: [closed(0, users, SECOND)], users: { ...workload([]).users, ...rest, count: users } });
}

const BUSY: readonly Step[] = [get('/')];
const CALM: readonly Step[] = [get('/'), think(SECOND)];
/** Everybody behind one address. */
const ONE = { egress: [{ policy: 'shared', exits: 1, sizes: 'even', weight: 1 }] } as const;

function weigh(work: Workload, machine: Partial<Machine> = {}, workforce: Workforce = ALONE): readonly string[] {
  return weighLimits(work, workforce, { ...DEBIAN, ...machine });
}

function refusal(work: Workload, machine: Partial<Machine> = {}, workforce: Workforce = ALONE): readonly string[] {
  try {
    weigh(work, machine, workforce);
    return [];
  } catch (error) {
    const { code, message, hint } = error as StickyError;
    return [code, message, hint];
  }
}

describe('open files', () => {
  it('that are enough, or unknown, are not spoken of', () => {
    expect(weigh(load(19_800, BUSY))).toEqual([]);
    expect(weigh(load(1_000_000, BUSY), { openFiles: null })).toEqual([]);
    expect(weigh(load(1_000_000, BUSY), { openFiles: Number.POSITIVE_INFINITY })).toEqual([]);
  });

  it('that are surely too few are refused', () => {
    expect(refusal(load(50_000, BUSY))).toMatchInlineSnapshot(`
      [
        "OPEN_FILES_FEW",
        "The load needs 50,000 connections at one time, and a process may open 20,000 files here.",
        "Raise the limit (\`ulimit -n 50200\`, as root), or spread the users over processes with \`--workers 3\`.",
      ]
    `);
  });

  it('that may be too few are warned of', () => {
    expect(weigh(load(50_000, CALM))).toMatchInlineSnapshot(`
      [
        "The load may want 50,000 connections at one time, and a process may open 20,000 files here: beyond, those that have been idle longest are closed early, and their users connect again. Raise the limit (\`ulimit -n 50200\`, as root), or spread the users over processes with \`--workers 3\`.",
      ]
    `);
  });

  it('are counted for each worker process, and once for all threads', () => {
    const work = load(50_000, BUSY);
    expect(refusal(work, {}, { count: 3, as: 'processes' })).toEqual([]);
    expect(refusal(work, {}, { count: 3, as: 'threads' })[0]).toBe('OPEN_FILES_FEW');
    expect(refusal(work, {}, { count: 2, as: 'processes' })).toMatchInlineSnapshot(`
      [
        "OPEN_FILES_FEW",
        "The load needs 25,000 connections at one time in each of 2 worker processes, and a process may open 20,000 files here.",
        "Raise the limit (\`ulimit -n 25200\`, as root), or spread the users over processes with \`--workers 3\`.",
      ]
    `);
  });
});

describe('source ports', () => {
  it('that are enough are not spoken of', () => {
    expect(weigh(load(36_000, BUSY, ONE), { openFiles: null })).toEqual([]);
    expect(weigh(load(1_000_000, BUSY), { openFiles: null })).toEqual([]);
  });

  it('that are surely too few are refused', () => {
    expect(refusal(load(40_000, BUSY, ONE), { openFiles: null })).toMatchInlineSnapshot(`
      [
        "SOURCE_PORTS_FEW",
        "The load needs 40,000 connections at one time from one source address, which has 36,280 ports.",
        "Let the users leave by more addresses: a wider \`users.pool\`, or more \`exits\`.",
      ]
    `);
    expect(refusal(load(40_000, BUSY, { via: { via: 'header', header: 'X-Forwarded-For' } }), { openFiles: null })).toMatchInlineSnapshot(`
      [
        "SOURCE_PORTS_FEW",
        "The load needs 40,000 connections at one time from one source address, which has 28,232 ports.",
        "Set \`sysctl -w net.ipv4.ip_local_port_range="1024 65535"\`, or take \`via: bind\` with several source addresses.",
      ]
    `);
  });

  it('that may be too few are warned of', () => {
    expect(weigh(load(40_000, CALM, ONE), { openFiles: null })).toMatchInlineSnapshot(`
      [
        "The load may want 40,000 connections at one time from one source address, which has 36,280 ports: beyond, requests are refused as \`no-port\`. Let the users leave by more addresses: a wider \`users.pool\`, or more \`exits\`.",
      ]
    `);
  });

  it('are dealt out to workers, but for those that the system chooses', () => {
    const work = load(30_000, BUSY, ONE);
    expect(refusal(work, { openFiles: null }, { count: 4, as: 'threads' })).toEqual([]);
    const even = load(60_000, BUSY, { egress: [{ policy: 'shared', exits: 4, sizes: 'even', weight: 1 }] });
    expect(refusal(even, { openFiles: null }, { count: 4, as: 'processes' })).toMatchInlineSnapshot(`
      [
        "SOURCE_PORTS_FEW",
        "The load needs 15,000 connections at one time from one source address, which has 9,070 ports for each worker.",
        "Let the users leave by more addresses: a wider \`users.pool\`, or more \`exits\`.",
      ]
    `);
    expect(weigh(even, { openFiles: null, ephemeral: [1024, 65535] }, { count: 4, as: 'processes' })).toMatchInlineSnapshot(`
      [
        "net.ipv4.ip_local_port_range is 1024 to 65535 and leaves no source ports of our own: the system chooses them, and takes ever longer after some 7,000 connections per source address. Set \`sysctl -w net.ipv4.ip_local_port_range="32768 60999"\`.",
      ]
    `);
  });

  it('that rest after use are warned of', () => {
    expect(weigh(load(1, BUSY), { timestamps: false })).toMatchInlineSnapshot(`
      [
        "net.ipv4.tcp_timestamps is 0: the source port of a connection that we close rests for a minute. Set \`sysctl -w net.ipv4.tcp_timestamps=1\`.",
      ]
    `);
    expect(weigh(load(1, BUSY, { via: { via: 'header', header: 'X-Forwarded-For' } }), { timestamps: false })).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('source addresses', () => {
  it('that this machine has are fine', async () => {
    expect(await checkLimits(load(100, BUSY), ALONE)).toEqual([]);
  });

  it('that it has not are refused', async () => {
    // TEST-NET-3 (RFC 5737) is nobody's.
    const work = load(100, BUSY, { pool: { address: '203.0.113.0', prefix: 24 } });
    await expect(checkLimits(work, ALONE)).rejects.toMatchObject({
      code: 'EGRESS_UNAVAILABLE',
      message: expect.stringMatching(
        /^64 of 64 source addresses tried from users\.pool 203\.0\.113\.0\/24 cannot be bound, first 203\.0\.113\.\d+ \(listen EADDRNOTAVAIL/,
      ),
    });
  });

  it('do not matter when they are told in another way', async () => {
    const work = load(100, BUSY, { pool: { address: '203.0.113.0', prefix: 24 }, via: { via: 'proxy_protocol', version: 1 } });
    expect(await checkLimits(work, ALONE)).toEqual([]);
  });
});
