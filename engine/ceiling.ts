// How fast the target goes without users: one bare request again and again, by autocannon. The only place that knows autocannon.

import { StickyError } from '../model/errors.ts';
import type { Ceiling } from '../model/report.ts';
import { WHOLE } from '../model/shard.ts';
import { literal } from '../model/template.ts';
import { MILLISECOND, type Micros, SECOND } from '../model/units.ts';
import type { Step, Workload } from '../model/workload.ts';
import { basicOf, withoutUser } from './credentials.ts';
import type { TlsOptions } from './transport/options.ts';
import { probeTarget } from './transport/probe.ts';
import { tlsOptions } from './transport-options.ts';
import { pathname, pathOn, siteOf } from './users/site.ts';

/** Enough connections to keep a balancer of a few cores busy, for long enough to settle. */
const CONNECTIONS = 64;
const DURATION: Micros = 3 * SECOND;

/**
 * Measures the raw throughput of a workload's target, on the first GET request of its flows whose path has no variables; where there is none,
 * on the target's own path. Throws what `measureCeiling` throws, and WORKLOAD_INVALID when the file of authorities cannot be read.
 */
export async function ceilingOf(workload: Workload, url: string): Promise<Ceiling> {
  const tls = await tlsOptions(workload.http);
  return measureCeiling({ url: pageOf(workload, url), connections: CONNECTIONS, duration: DURATION, tls });
}

function pageOf({ scenarios }: Workload, url: string): string {
  const site = siteOf(url);
  const [path] = scenarios.flatMap(({ flow }) => fixedGets(flow)).flatMap((written) => pathOn(site, written) ?? []);
  if (path === undefined) return url;
  const page = new URL(url);
  page.pathname = pathname(path);
  page.search = path.slice(pathname(path).length);
  return page.href;
}

/** Paths of the GET requests without variables, in the order of the flow. */
function fixedGets(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'loop') return fixedGets(step.steps);
    return step.kind === 'request' && step.method === 'GET' ? (literal(step.path) ?? []) : [];
  });
}

export interface CeilingOptions {
  /** http or https URL to ask for. */
  readonly url: string;
  readonly connections: number;
  /** autocannon looks at the time once a second, so it takes up to a second longer. */
  readonly duration: Micros;
  readonly tls: TlsOptions;
}

const PATIENCE: Micros = 10 * SECOND;

/**
 * Measures the target's raw throughput. `p50` and `p99` come from autocannon's histogram of whole milliseconds: in microseconds, with a
 * resolution of 1000, rounded down, so an answer within a millisecond counts as 0.
 *
 * The target is probed first, because autocannon verifies no certificate and reconnects without pause when it is refused. It is never
 * given a rate: with one it corrects latencies by an interval of the wrong unit, and sends each second's requests in one burst.
 *
 * Only answers with a 2xx status count, in the rate and in the latencies: an error page says nothing of what the target can do.
 *
 * Throws what `probeTarget` throws, and `TARGET_UNREACHABLE` when no such answer came.
 */
export async function measureCeiling(options: CeilingOptions): Promise<Ceiling> {
  await probe(options);
  // Loaded when needed: it takes as long to start as all the rest.
  const { default: autocannon } = await import('autocannon');
  const authorization = basicOf(new URL(options.url));
  const result = await autocannon({
    url: withoutUser(options.url),
    headers: authorization === null ? {} : { authorization },
    connections: options.connections,
    duration: options.duration / SECOND,
    excludeErrorStats: true,
    timeout: PATIENCE / SECOND,
    ...(options.tls.servername === null ? {} : { servername: options.tls.servername }),
  });
  const good = result['2xx'];
  if (good === 0) throw noGood(options.url, result.duration, result.non2xx, result.errors);
  return {
    tool: 'autocannon',
    connections: options.connections,
    requestsPerSecond: good / result.duration,
    p50: result.latency.p50 * MILLISECOND,
    p99: result.latency.p99 * MILLISECOND,
  };
}

function noGood(url: string, duration: number, others: number, errors: number): StickyError {
  const got = `${others} with another status, ${errors} errors`;
  return new StickyError(
    'TARGET_UNREACHABLE',
    `${withoutUser(url)} gave no answer with a 2xx status to autocannon in ${duration} s (${got}).`,
    'The ceiling needs a page that anybody may get: begin a flow with one, or do without the ceiling.',
  );
}

function probe(options: CeilingOptions): Promise<void> {
  const transport = {
    target: options.url,
    via: { via: 'header', header: 'X-Forwarded-For' },
    connections: 'per_exit',
    timeout: PATIENCE,
    connectTimeout: PATIENCE,
    maxBody: Number.MAX_SAFE_INTEGER,
    tls: options.tls,
    watched: [],
    clock: () => Math.floor(performance.now() * 1000),
    most: CONNECTIONS,
    shard: WHOLE,
  } as const;
  return probeTarget(transport, '');
}
