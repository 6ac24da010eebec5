// One attempt at one backend: a new connection, the request, and the head of the answer or the way in which it failed.

import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AttemptFailure } from '../routing/next-upstream.ts';

export interface Message {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Milliseconds. */
export interface Timeouts {
  readonly connect: number;
  /** Between two reads. */
  readonly read: number;
}

export type AttemptResult =
  /** The head came; the body is still to be read. */
  | { readonly kind: 'answered'; readonly answer: IncomingMessage }
  | { readonly kind: 'failed'; readonly failure: AttemptFailure; readonly sent: boolean }
  /** The client left first. */
  | { readonly kind: 'abandoned' };

const agent = new Agent({ keepAlive: false });

/** Never rejects. Ends with `client`, the response to him: also while the body is read. */
export function attempt(address: string, message: Message, timeouts: Timeouts, client: ServerResponse): Promise<AttemptResult> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    let sent = false;
    let late = false;
    const { method, url: path, headers, body } = message;
    const outgoing = request({ host, port, method, path, headers, agent });
    client.once('close', () => {
      if (!client.writableFinished) outgoing.destroy(new Error('the client left'));
    });
    const giveUp = () => {
      late = true;
      outgoing.destroy(new Error('timeout'));
    };
    const connecting = setTimeout(giveUp, timeouts.connect);
    outgoing.once('socket', (socket) => {
      socket.once('connect', () => {
        sent = true;
        clearTimeout(connecting);
        socket.setTimeout(timeouts.read, giveUp);
      });
    });
    outgoing.once('response', (answer) => resolve({ kind: 'answered', answer }));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(connecting);
      if (client.destroyed) resolve({ kind: 'abandoned' });
      else resolve({ kind: 'failed', failure: late ? 'timeout' : kindOf(error), sent });
    });
    outgoing.end(body);
  });
}

/** Node's parser names what it refuses `HPE_…`. */
function kindOf(error: NodeJS.ErrnoException): AttemptFailure {
  return error.code?.startsWith('HPE_') ? 'invalid_header' : 'error';
}
