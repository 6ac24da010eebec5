import { describe, expect, it } from 'vitest';
import type { Entry } from '../../model/entry.ts';
import { addressKey } from '../../model/strategy.ts';
import { readRecord } from '../../results/record/read-record.ts';
import { describeReal } from '../setup/real-lab.ts';
import { emptyFolder, latestReport, measure, stickybench, strays } from './stickybench.ts';

const HOMED = ['round_robin', 'ip_hash', 'jvm_route'];
const BUNDLED = [...HOMED, 'redis_session', 'jvm_route_redis', 'ip_hash_roaming'];

/** Runs a bundled workload by its name and gives its report and folder. */
async function run(name: string, lab: 'embedded' | 'real') {
  const cwd = emptyFolder();
  const { code, stderr, stdout } = await stickybench(['run', `${name}.yml`, '--lab', lab, '--quiet'], cwd);
  expect({ code, stderr, verdict: stdout.split('\n')[0] }).toEqual({ code: 0, stderr: '', verdict: `PASS  ${name}` });
  expect(strays(cwd)).toEqual([]);
  return { report: latestReport(cwd), cwd };
}

/** What each strategy is known to do, on either lab. */
function promises(lab: 'embedded' | 'real'): void {
  const value = (report: Awaited<ReturnType<typeof run>>['report'], name: string, labels = {}) => measure(report, name, labels).value;

  it('jvm_route: users keep their node; a death costs exactly the users homed there their session, by failover', async () => {
    const { report } = await run('jvm_route', lab);
    const correctness = measure(report, 'affinity.correctness');
    expect(correctness.value).toBe(1);
    expect(correctness.n).toBeGreaterThan(3000);
    const hurt = measure(report, 'session.loss_rate', { fault: '0', group: 'hurt' });
    const control = measure(report, 'session.loss_rate', { fault: '0', group: 'control' });
    expect([hurt.value, control.value]).toEqual([1, 0]);
    expect((hurt.n ?? 0) + (control.n ?? 0)).toBe(120);
    expect(value(report, 'session.lost')).toBe(hurt.n);
    expect(value(report, 'session.lost', { cause: 'failover' })).toBe(hurt.n);
    expect(report.run.ended).toBe('finished');
  });

  it('ip_hash: the death costs sessions, and the return costs them again', async () => {
    const { report } = await run('ip_hash', lab);
    expect(value(report, 'session.lost', { cause: 'failover' })).toBeGreaterThan(20);
    expect(value(report, 'session.lost', { cause: 'failback' })).toBeGreaterThan(20);
    expect(value(report, 'session.lost', { cause: 'spurious' })).toBe(0);
    // Who leaves by the address his session was made from misses only when the old home takes him back.
    const violations = value(report, 'affinity.violations', { key: 'same' }) ?? 0;
    expect(violations).toBeGreaterThan(0);
    expect(violations).toBeLessThanOrEqual(value(report, 'session.lost', { cause: 'failback' }) ?? 0);
  });

  it('redis_session: any node serves any session, and a death costs none', async () => {
    const { report } = await run('redis_session', lab);
    expect(value(report, 'session.lost')).toBe(0);
    expect(measure(report, 'session.lost').n).toBeGreaterThan(3000);
    expect(value(report, 'session.created')).toBe(120);
    expect(report.measures.some(({ name }) => name === 'affinity.correctness')).toBe(false);
    expect(value(report, 'affinity.raw')).toBeLessThan(0.7);
  });

  it('jvm_route_redis: no session is lost; affinity is gone while the home is away and back with it', async () => {
    const { report } = await run('jvm_route_redis', lab);
    expect(value(report, 'session.lost')).toBe(0);
    expect(value(report, 'affinity.raw', { window: 'before' })).toBe(1);
    expect(value(report, 'affinity.raw', { window: 'during' })).toBeLessThan(0.9);
    expect(value(report, 'affinity.raw', { window: 'after' })).toBe(1);
  });

  it('round_robin: sessions in memory are lost all the time, with nothing hurt', async () => {
    const { report } = await run('round_robin', lab);
    expect(value(report, 'session.lost', { cause: 'spurious' })).toBeGreaterThan(500);
    expect(value(report, 'affinity.correctness')).toBeLessThan(0.8);
  });

  it('ip_hash_roaming: users on three exits miss as often as (1-1/k)(1-1/N) says', async () => {
    const { report, cwd } = await run('ip_hash_roaming', lab);
    const { header, entries } = await readRecord(`${cwd}/runs/latest`);
    const k = 3;
    const expected = (1 - 1 / k) * (1 - 1 / header.setup.backends.length);
    const { rates, hits, eligible } = await missRates(entries);
    expect(measure(report, 'affinity.raw')).toMatchObject({ value: hits / eligible, n: eligible });
    const [low, high] = meanInterval(rates);
    expect([low < expected, high > expected]).toEqual([true, true]);
    expect(high - low).toBeLessThan(0.12);
  });
}

/** Per user the share of requests with a session that the node which made it did not answer; warm-up makes sessions, but does not count. */
async function missRates(entries: AsyncIterable<Entry>) {
  const users = new Map<number, { requests: number; misses: number; home: string; keys: Set<string> }>();
  for await (const entry of entries) {
    if (entry.kind !== 'exchange' || entry.outcome.kind !== 'answered' || entry.outcome.backend === null) continue;
    const { backend, set } = entry.outcome;
    const user = users.get(entry.user) ?? { requests: 0, misses: 0, home: backend, keys: new Set() };
    users.set(entry.user, user);
    user.keys.add(addressKey(entry.egress));
    const counts = entry.session !== null && entry.phase === 'steady';
    if (counts) user.requests += 1;
    if (counts && backend !== user.home) user.misses += 1;
    if (set !== null) user.home = backend;
  }
  expect(Math.max(...[...users.values()].map(({ keys }) => keys.size))).toBe(3);
  const all = [...users.values()];
  const eligible = all.reduce((sum, { requests }) => sum + requests, 0);
  return {
    rates: all.map(({ requests, misses }) => misses / requests),
    eligible,
    hits: eligible - all.reduce((sum, { misses }) => sum + misses, 0),
  };
}

/** 99 per cent confidence for the mean over users: requests of one user are not independent, users are. */
function meanInterval(rates: readonly number[]): readonly [number, number] {
  const mean = rates.reduce((a, b) => a + b, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (rates.length - 1);
  const half = 2.576 * Math.sqrt(variance / rates.length);
  return [mean - half, mean + half];
}

describe('the bundled workloads', () => {
  it('are all promised something here', () => {
    expect([...BUNDLED].sort()).toEqual(['ip_hash', 'ip_hash_roaming', 'jvm_route', 'jvm_route_redis', 'redis_session', 'round_robin']);
  });
});

// Two at a time: the embedded lab leaves room for it, and a run is mostly waiting.
describe.concurrent('on the embedded lab', () => promises('embedded'));

describeReal('on the real lab', () => promises('real'));
