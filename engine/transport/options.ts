// What a transport must be told. Nothing is optional: defaults belong to the workload's loader.

import type { EgressVia } from '../../model/egress.ts';
import type { Shard } from '../../model/shard.ts';
import type { Micros } from '../../model/units.ts';
import type { Connections } from '../../model/workload.ts';
import type { Clock } from '../wire.ts';

export interface TransportOptions {
  /** http or https URL. Its path matters to the probe only: a job's text says what is asked for. */
  readonly target: string;
  readonly via: EgressVia;
  /** How many connections a lane of its own user may have; the shared lane has as many as it needs. */
  readonly connections: Connections;
  /** From sending a request to the last byte of its answer. */
  readonly timeout: Micros;
  /** For a connection, TLS included. */
  readonly connectTimeout: Micros;
  /** Largest body read, in bytes. */
  readonly maxBody: number;
  readonly tls: TlsOptions;
  /** Header names that answers are asked for, in any case. */
  readonly watched: readonly string[];
  readonly clock: Clock;
  /** Connections that may be open at one time: beyond, those that have been idle longest make way. Infinite where nothing limits them. */
  readonly most: number;
  /** Whose share of the source ports may be used. */
  readonly shard: Shard;
}

export interface TlsOptions {
  /** PEM text of certificate authorities to trust besides the usual ones, or null. */
  readonly ca: string | null;
  /** Skip the verification of certificates. */
  readonly insecure: boolean;
  /** Name to ask for (SNI) and to verify; null takes the target's host. */
  readonly servername: string | null;
}
