// A workload, complete: every default is filled in, nothing is optional.

import type { EgressShare, EgressVia } from './egress.ts';
import type { Op } from './entry.ts';
import type { Fault } from './fault.ts';
import type { Strategy } from './strategy.ts';
import type { Template } from './template.ts';
import type { Threshold } from './threshold.ts';
import type { Micros } from './units.ts';

export interface Workload {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  readonly target: LabPlan | OwnTarget;
  readonly identify: Identify;
  readonly users: Users;
  readonly http: HttpOptions;
  readonly phases: readonly Phase[];
  readonly scenarios: readonly Scenario[];
  readonly variables: Readonly<Record<string, readonly string[]>>;
  readonly payload: readonly Payload[];
  readonly faults: readonly Fault[];
  readonly thresholds: readonly Threshold[];
}

/** The lab that stickybench starts itself. */
export interface LabPlan {
  readonly kind: 'lab';
  readonly strategy: Strategy;
  readonly backends: readonly PlannedBackend[];
  /** Port of the balancer; 0 takes a free one. */
  readonly port: number;
  readonly maxFails: number;
  readonly failTimeout: Micros;
  /** Idle time after which a session expires. */
  readonly sessionTimeout: Micros;
}

export interface PlannedBackend {
  readonly name: string;
  readonly weight: number;
  /** Marked `down` in the balancer's configuration. */
  readonly down: boolean;
}

/** The user's own deployment. */
export interface OwnTarget {
  readonly kind: 'own';
  readonly url: string;
  /** What the user says his balancer does; null when he does not say. */
  readonly strategy: Strategy | null;
  /** Names of the backends, empty when not told: then those seen count. */
  readonly backends: readonly string[];
  readonly failTimeout: Micros;
  readonly sessionTimeout: Micros;
}

/** How an answer tells who gave it. */
export interface Identify {
  readonly backend: BackendSource;
  /** Header that lists the backends tried, in the form of nginx's `$upstream_addr`; null when there is none. */
  readonly path: string | null;
  /** Names for what the header or path shows: `127.0.0.1:8081` is `tomcat01`. Anything unlisted is its own name. */
  readonly names: Readonly<Record<string, string>>;
}

export type BackendSource =
  | { readonly from: 'header'; readonly header: string }
  | { readonly from: 'cookie'; readonly cookie: string }
  /** The route in the session id just set: it names the creator, so it is known only for answers that set one. */
  | { readonly from: 'route' }
  | { readonly from: 'none' };

export interface Users {
  /** Closed model: users when a phase says nothing. Open model: most users at one time. */
  readonly count: number;
  readonly sessionCookie: string;
  readonly egress: readonly EgressShare[];
  readonly via: EgressVia;
  /** Range the exits are taken from. */
  readonly pool: { readonly address: string; readonly prefix: number };
}

/**
 * `per_exit`: keep-alive connections shared by the users behind one exit. `per_user`: one each, per exit. `browser`: up to six each, as
 * browsers have; since a user sends one request at a time, only one of them is in use as yet, and it acts as `per_user` does.
 */
export type Connections = 'per_exit' | 'per_user' | 'browser';

export interface HttpOptions {
  readonly connections: Connections;
  readonly timeout: Micros;
  readonly connectTimeout: Micros;
  /** Redirects followed per request; 0 follows none. */
  readonly redirects: number;
  readonly headers: readonly HeaderTemplate[];
  /** Largest answer read, in bytes. */
  readonly maxBody: number;
  /** Path of a PEM file with certificate authorities to trust besides the usual ones, or null. */
  readonly ca: string | null;
  /** Skip the verification of certificates. */
  readonly insecure: boolean;
}

export interface HeaderTemplate {
  readonly name: string;
  readonly value: Template;
}

/** A stretch of the schedule. All phases of a workload are of one model. */
export type Phase = {
  readonly name: string;
  readonly duration: Micros;
  /** Left out of affinity, latency and thresholds that name no phase. */
  readonly warmup: boolean;
} & (ClosedLoad | OpenLoad);

/** A number of users that goes evenly from `from` to `to`. */
export interface ClosedLoad {
  readonly model: 'closed';
  readonly from: number;
  readonly to: number;
}

/** Arrivals of sessions per second, going evenly from `from` to `to`. */
export interface OpenLoad {
  readonly model: 'open';
  readonly from: number;
  readonly to: number;
  readonly arrivals: 'even' | 'poisson';
}

export interface Scenario {
  readonly name: string;
  readonly weight: number;
  readonly flow: readonly Step[];
}

export type Step = RequestStep | ThinkStep | LoopStep;

export interface RequestStep {
  readonly kind: 'request';
  readonly method: string;
  /** Path with query, or a whole URL of the same origin. */
  readonly path: Template;
  readonly name: string;
  readonly op: Op;
  readonly key: string;
  readonly headers: readonly HeaderTemplate[];
  /** Empty template: no body. Its content type is among the headers. */
  readonly body: Template;
  readonly capture: readonly Capture[];
  readonly expect: Expect;
}

/** Thinks for a time uniform in [min, max]. */
interface ThinkStep {
  readonly kind: 'think';
  readonly min: Micros;
  readonly max: Micros;
}

export interface LoopStep {
  readonly kind: 'loop';
  /** Rounds; null: no limit. */
  readonly count: number | null;
  /** Time after which no new round starts; null: no limit. */
  readonly over: Micros | null;
  /** Rounds start this far apart; null: one after the other. */
  readonly pace: Micros | null;
  readonly steps: readonly Step[];
}

/** Keeps a part of the answer as a variable. */
export type Capture =
  | { readonly from: 'header'; readonly header: string; readonly as: string }
  | { readonly from: 'cookie'; readonly cookie: string; readonly as: string }
  | { readonly from: 'regex'; readonly pattern: string; readonly group: number; readonly as: string }
  /** Dotted path into a JSON body: `items[0].id`. */
  | { readonly from: 'json'; readonly path: string; readonly as: string };

/** All must hold. Empty lists expect nothing; without `status`, anything below 400 is expected. */
export interface Expect {
  readonly status: readonly number[];
  readonly headers: readonly { readonly name: string; readonly pattern: string }[];
  /** Regular expressions that the body must match. */
  readonly body: readonly string[];
}

/** Rows of a CSV file; each user takes one. */
export interface Payload {
  readonly path: string;
  readonly fields: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly order: 'sequence' | 'random';
}
