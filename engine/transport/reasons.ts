// From what the operating system says of a connection to the words of the record.

import type { LostReason, RefusedReason } from '../../model/entry.ts';

/** How far a connection had come when it failed: asking for it, or agreeing on TLS. */
export type Stage = 'connecting' | 'handshake';

/** Why no byte of the request was sent. */
export function refusal(error: NodeJS.ErrnoException, stage: Stage): RefusedReason {
  if (stage === 'handshake') return 'tls';
  switch (error.code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
      return 'connection-refused';
    case 'ETIMEDOUT':
      return 'connect-timeout';
    case 'EADDRINUSE':
    // Out of descriptors or of memory for sockets: as with ports, this machine has no more sockets to give.
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOBUFS':
    case 'ENOMEM':
      return 'no-port';
    case 'EADDRNOTAVAIL':
      return error.syscall === 'connect' ? 'no-port' : 'no-address';
    default:
      return error.syscall === 'bind' ? 'no-address' : 'unreachable';
  }
}

/**
 * Whether another source port may do better. With `SO_REUSEADDR`, which libuv sets, a port that is in use shows at connect: EADDRINUSE when
 * somebody listens on it, EADDRNOTAVAIL when the same four addresses and ports are in use or in TIME_WAIT (connect(2), tcp(7)).
 */
export function portTaken(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EADDRINUSE' || (error.code === 'EADDRNOTAVAIL' && error.syscall === 'connect');
}

/** Why no whole answer came to a request that was sent. `error` is null at the end of the stream. `served`: the connection had brought an answer before. */
export function loss(error: NodeJS.ErrnoException | null, answerStarted: boolean, served: boolean): LostReason {
  // The kernel gave up sending: nothing came back for a quarter of an hour.
  if (error?.code === 'ETIMEDOUT') return 'timeout';
  if (answerStarted) return 'cut';
  if (served) return 'dropped';
  return error === null ? 'closed' : 'reset';
}
