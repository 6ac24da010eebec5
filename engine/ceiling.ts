// How fast the target goes without users: one bare request again and again, by autocannon. The only place that knows autocannon.

import { StickyError } from '../model/errors.ts';
import type { Ceiling } from '../model/report.ts';
import { MILLISECOND, type Micros, SECOND } from '../model/units.ts';
import type { TlsOptions } from './transport/options.ts';
import { probeTarget } from './transport/probe.ts';

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
 * Throws what `probeTarget` throws, and `TARGET_UNREACHABLE` when no answer came at all.
 */
export async function measureCeiling(options: CeilingOptions): Promise<Ceiling> {
  await probe(options);
  // Loaded when needed: it takes as long to start as all the rest.
  const { default: autocannon } = await import('autocannon');
  const result = await autocannon({
    url: options.url,
    connections: options.connections,
    duration: options.duration / SECOND,
    timeout: PATIENCE / SECOND,
    ...(options.tls.servername === null ? {} : { servername: options.tls.servername }),
  });
  if (result.requests.total === 0) {
    throw new StickyError(
      'TARGET_UNREACHABLE',
      `${options.url} gave no answer to autocannon in ${result.duration} s (${result.errors} errors).`,
    );
  }
  return {
    tool: 'autocannon',
    connections: options.connections,
    requestsPerSecond: result.requests.total / result.duration,
    p50: result.latency.p50 * MILLISECOND,
    p99: result.latency.p99 * MILLISECOND,
  };
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
  } as const;
  return probeTarget(transport, '');
}
