// Sends jobs over pooled keep-alive connections and tells each its outcome.

import type { Transport } from '../wire.ts';
import { dialer } from './dial.ts';
import type { TransportOptions } from './options.ts';
import { Pool } from './pool.ts';
import { ownPorts } from './ports.ts';
import { Readers } from './readers.ts';
import { parseTarget, resolveTarget } from './target.ts';

const RECEIVE_BUFFER = 64 * 1024;
/** Milliseconds between two looks at the deadlines: a timeout is noticed up to this much late. */
const SWEEP_EVERY = 50;

/**
 * Makes a transport to the target, whose name is resolved here, once. Throws `TARGET_INVALID` and `TARGET_UNRESOLVED`; a target that is down
 * is no error: its jobs are refused.
 *
 * A job may be told `sent` during `send`, its outcome only afterwards. A request is written once: when the server closes a kept-alive
 * connection just as the next request goes out on it, that request is lost (`dropped`), because it may have been executed, and a
 * second try would be a second attempt that nobody recorded.
 */
export function createTransport(options: TransportOptions): Promise<Transport> {
  return openTransport(options, () => {});
}

/** `createTransport` with an ear for the system's own words on failures. */
export async function openTransport(options: TransportOptions, explain: (error: Error) => void): Promise<Transport> {
  const target = parseTarget(options.target);
  const addresses = await resolveTarget(target, options.connectTimeout);
  const receive = Buffer.allocUnsafeSlow(RECEIVE_BUFFER);
  const readers = new Readers(receive, options.watched, options.maxBody);
  const pool = new Pool(options, readers, dialer(target, addresses, options, ownPorts(options.shard), receive), explain);
  const sweeper = setInterval(() => pool.sweep(), SWEEP_EVERY).unref();
  return {
    send: (job) => pool.send(job),
    release: (lane) => pool.release(lane),
    get open() {
      return pool.open;
    },
    close() {
      clearInterval(sweeper);
      pool.close();
    },
  };
}
