// The frame of a run: its fixed facts, put together from the workload and what it is run against.

import type { RunHeader } from '../model/record.ts';
import type { Ceiling } from '../model/report.ts';
import { QUANTILES, type Setup } from '../model/setup.ts';
import type { Workforce } from '../model/shard.ts';
import { STRATEGIES } from '../model/strategy.ts';
import type { Workload } from '../model/workload.ts';
import { hideUrl } from '../workloads/hide-secrets.ts';
import type { Ground } from './ground.ts';

/** Facts for judging. Backends come in the order of the workload. */
function setupOf(workload: Workload): Setup {
  const { target, users, phases, thresholds } = workload;
  const asked = thresholds.flatMap(({ aggregate }) => (aggregate.kind === 'p' ? [aggregate.quantile] : []));
  return {
    strategy: target.strategy,
    sessions: target.strategy === null ? null : STRATEGIES[target.strategy].sessions,
    backends: target.kind === 'lab' ? target.backends.map((backend) => backend.name) : target.backends,
    failTimeout: target.failTimeout,
    sessionTimeout: target.sessionTimeout,
    profile: target.kind === 'lab' || users.sessionCookie === 'JSESSIONID' ? 'tomcat' : 'generic',
    sessionCookie: users.sessionCookie,
    phases: phases.map(({ name, warmup }) => ({ name, warmup })),
    quantiles: [...new Set([...QUANTILES, ...asked])].sort((a, b) => a - b),
  };
}

/** What is known of a run besides its workload and its ground. */
interface Circumstances {
  /** Wall clock of run start, ISO 8601 UTC. */
  readonly startedAt: string;
  /** Of stickybench and node. */
  readonly versions: Readonly<Record<string, string>>;
  readonly ceiling: Ceiling | null;
  readonly workforce: Workforce;
}

/** The first line of the record. No password in it: the record and every report carry it on. */
export function headerOf(workload: Workload, ground: Ground, { startedAt, versions, ceiling, workforce }: Circumstances): RunHeader {
  const { name, description, seed, users, thresholds } = workload;
  return {
    kind: 'run',
    identity: {
      name,
      description,
      seed,
      users: users.count,
      lab: ground.kind,
      labReason: ground.reason,
      target: hideUrl(ground.url),
      versions: { ...versions, ...ground.versions },
      startedAt,
      workers: workforce,
      ceiling,
    },
    setup: setupOf(workload),
    thresholds,
  };
}
