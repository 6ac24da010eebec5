// One request before the run: is anybody there, and does he speak HTTP?

import type { LostReason, RefusedReason } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import { SECOND } from '../../model/units.ts';
import { withoutUser } from '../credentials.ts';
import type { Job } from '../wire.ts';
import type { TransportOptions } from './options.ts';
import { parseTarget } from './target.ts';
import { openTransport } from './transport.ts';

type Failure = { readonly kind: 'refused'; readonly reason: RefusedReason } | { readonly kind: 'lost'; readonly reason: LostReason };

/** Told apart from users in the logs of the target. */
const USER_AGENT = 'stickybench-probe';

/**
 * Gets the target's URL once, from `exit`, and is content with any answer. Throws `TARGET_INVALID`, `TARGET_UNRESOLVED`, `TARGET_UNREACHABLE`,
 * `TARGET_NOT_HTTP`, and `EGRESS_UNAVAILABLE` when `exit` cannot be bound.
 */
export async function probeTarget(options: TransportOptions, exit: string): Promise<void> {
  let cause = '';
  const transport = await openTransport(options, (error) => {
    cause = error.message;
  });
  try {
    const failure = await new Promise<Failure | null>((resolve) => transport.send(probe(options.target, exit, resolve)));
    if (failure !== null) throw failed(failure, { ...options, target: withoutUser(options.target) }, exit, cause);
  } finally {
    transport.close();
  }
}

function probe(url: string, exit: string, resolve: (failure: Failure | null) => void): Job {
  const { path, authority, authorization } = parseTarget(url);
  const credentials = authorization === null ? '' : `Authorization: ${authorization}\r\n`;
  return {
    exit,
    lane: 0,
    method: 'GET',
    text: `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nUser-Agent: ${USER_AGENT}\r\nAccept: */*\r\n${credentials}Connection: close\r\n\r\n`,
    wantsBody: false,
    sent: () => {},
    answered: () => resolve(null),
    refused: (reason) => resolve({ kind: 'refused', reason }),
    // Too much of an answer is an answer.
    lost: (reason) => resolve(reason === 'oversized' ? null : { kind: 'lost', reason }),
  };
}

function failed(failure: Failure, options: TransportOptions, exit: string, cause: string): StickyError {
  const because = cause === '' ? '' : ` (${cause})`;
  if (failure.kind === 'lost') return spokeBadly(failure.reason, options, because);
  switch (failure.reason) {
    case 'no-address':
    case 'no-port':
      return new StickyError('EGRESS_UNAVAILABLE', `The source address ${exit} cannot be used to reach ${options.target}${because}.`);
    case 'tls':
      return noTls(options.target, because);
    case 'connect-timeout':
      return unreachable(options.target, `did not accept a connection within ${inSeconds(options.connectTimeout)}${because}`);
    case 'connection-refused':
      return unreachable(options.target, `refused the connection${because}`);
    case 'unreachable':
    case 'interrupted':
      return unreachable(options.target, `cannot be reached${because}`);
  }
}

function spokeBadly(reason: LostReason, options: TransportOptions, because: string): StickyError {
  switch (reason) {
    case 'timeout':
      return unreachable(options.target, `accepted a connection and gave no answer within ${inSeconds(options.timeout)}`);
    case 'malformed':
      return notHttp(options.target, 'answers with something that is not HTTP/1.1');
    case 'cut':
      return notHttp(options.target, `broke off in the middle of an answer${because}`);
    default:
      return notHttp(options.target, `closed the connection without an answer${because}`);
  }
}

function noTls(url: string, because: string): StickyError {
  if (/wrong version|unknown protocol|packet length/i.test(because)) return notHttp(url, `does not speak TLS${because}`);
  return new StickyError(
    'TARGET_UNREACHABLE',
    `${url} could not agree on TLS${because}.`,
    'If the certificate is your own, name its authority under `http.tls.ca`, or set `http.tls.insecure: true`.',
  );
}

function unreachable(url: string, what: string): StickyError {
  return new StickyError('TARGET_UNREACHABLE', `${url} ${what}.`);
}

function notHttp(url: string, what: string): StickyError {
  return new StickyError('TARGET_NOT_HTTP', `${url} ${what}.`);
}

function inSeconds(time: number): string {
  return `${time / SECOND} s`;
}
