import { describe, expect, it } from 'vitest';
import { parseWorkload } from '../../workloads/parse-workload.ts';
import { fullSpeedWorkload, idleUsersWorkload, steadyWorkload, stickybenchWorkload } from './workloads.ts';

function problemsOf(text: string): unknown {
  const parsed = parseWorkload(text, 'bench.yml', () => '');
  return 'problems' in parsed ? parsed.problems : [];
}

describe('the workloads of the benchmark', () => {
  const load = { url: 'http://127.0.0.1:8080', page: 'visit', users: 64, seconds: 7.5, certificate: null } as const;

  it('are such as stickybench takes', () => {
    const { url } = load;
    const each = [
      stickybenchWorkload(load),
      stickybenchWorkload({ ...load, page: 'storm' }),
      stickybenchWorkload({ ...load, url: 'https://127.0.0.1:8443', certificate: '/tmp/certificate.pem' }),
      idleUsersWorkload({ url, users: 1_000_000, ramp: 100, connections: 'shared' }),
      idleUsersWorkload({ url, users: 1000, ramp: 1, connections: 'each' }),
      steadyWorkload(url, 2000, 0.5, 900),
      fullSpeedWorkload(url, 64),
    ];
    expect(each.map(problemsOf)).toEqual(each.map(() => []));
  });

  it('rotate the session at every request of a storm', () => {
    const parsed = parseWorkload(stickybenchWorkload({ ...load, page: 'storm' }), 'bench.yml', () => '');
    const steps = 'problems' in parsed ? [] : (parsed.workload.scenarios[0]?.flow ?? []);
    const [loop] = steps;
    const inside = loop?.kind === 'loop' ? loop.steps : [];
    expect(inside.map((step) => step.kind === 'request' && [step.method, step.path, step.op])).toEqual([['GET', ['/storm'], 'rotate']]);
  });
});
