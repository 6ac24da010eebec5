// The fixed facts of a run that judging needs besides the entries.

import type { SessionPlace, Strategy } from './strategy.ts';
import { type Micros, SECOND } from './units.ts';

export interface Setup {
  /** What the balancer does; null when the user did not say. */
  readonly strategy: Strategy | null;
  /** Where sessions live; null when not known. */
  readonly sessions: SessionPlace | null;
  readonly backends: readonly string[];
  /** How long the balancer may shun a backend after a failure. */
  readonly failTimeout: Micros;
  /** Idle time after which a session expires by itself. */
  readonly sessionTimeout: Micros;
  /** `tomcat`: Set-Cookie for the session appears only when a session is created or its id changes (Tomcat 10.1 Request.java:2966, :2519). */
  readonly profile: 'tomcat' | 'generic';
  /** Name of the session cookie. */
  readonly sessionCookie: string;
  readonly phases: readonly { readonly name: string; readonly warmup: boolean }[];
  /** Quantiles reported for every distribution, between 0 and 1, rising. */
  readonly quantiles: readonly number[];
}

/** Quantiles that every report gives. */
export const QUANTILES: readonly number[] = [0.5, 0.9, 0.95, 0.99, 0.999, 1];

/** Whether a phase is warm-up, which is left out of affinity, balance, latency and totals. */
export function isWarmup(setup: Setup, phase: string): boolean {
  for (const known of setup.phases) if (known.name === phase) return known.warmup;
  return false;
}

/** How long after its end a fault may still be felt: the balancer's fail_timeout and a second, because nginx counts whole seconds. */
export function settleOf({ failTimeout }: Setup): Micros {
  return failTimeout + SECOND;
}
