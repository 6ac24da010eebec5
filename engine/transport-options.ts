// What the transport must be told, from the workload.

import { readFile } from 'node:fs/promises';
import { StickyError } from '../model/errors.ts';
import type { Shard } from '../model/shard.ts';
import type { HttpOptions, Workload } from '../model/workload.ts';
import { connectionsPossible } from './limits-machine.ts';
import type { TlsOptions, TransportOptions } from './transport/options.ts';
import type { Clock } from './wire.ts';

/** Reads the file of certificate authorities, if the workload names one. Throws WORKLOAD_INVALID when it cannot be read. */
export async function transportOptions(
  { http, users }: Workload,
  url: string,
  watched: readonly string[],
  clock: Clock,
  shard: Shard,
): Promise<TransportOptions> {
  return {
    target: url,
    via: users.via,
    connections: http.connections,
    timeout: http.timeout,
    connectTimeout: http.connectTimeout,
    maxBody: http.maxBody,
    tls: await tlsOptions(http),
    watched,
    clock,
    most: connectionsPossible(shard),
    shard,
  };
}

/** Reads the file of certificate authorities, if there is one. Throws WORKLOAD_INVALID when it cannot be read. */
export async function tlsOptions(http: HttpOptions): Promise<TlsOptions> {
  return { ca: await authorities(http), insecure: http.insecure, servername: null };
}

async function authorities({ ca }: HttpOptions): Promise<string | null> {
  if (ca === null) return null;
  try {
    return await readFile(ca, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'Paths are relative to the workload file.';
    throw new StickyError('WORKLOAD_INVALID', `http.tls.ca names a file that cannot be read: ${why}.`, hint);
  }
}
