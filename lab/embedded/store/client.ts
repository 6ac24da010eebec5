// A backend's connection to the store: made when it is needed, given up when an answer is late.

import { connect, type Socket } from 'node:net';
import { lineReader, type Question, type Reply } from './protocol.ts';

/** Rejects when the store cannot be reached or does not answer in time. */
export type AskStore = (question: Question) => Promise<Reply>;

/** Limit for connecting and for each answer, milliseconds: that of the real lab's session manager. */
const TIMEOUT = 2_000;

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

interface Line {
  readonly socket: Socket;
  /** In the order in which they were asked. */
  readonly waiting: Waiting[];
}

export function storeClient(port: number): AskStore {
  let line: Line | null = null;

  /** Answers come in order, so one that is missing makes all later ones worthless. */
  const hangUp = (failed: Line, error: Error): void => {
    if (line === failed) line = null;
    failed.socket.destroy();
    for (const one of failed.waiting.splice(0)) {
      clearTimeout(one.timer);
      one.reject(error);
    }
  };

  const dial = (): Line => {
    const socket = connect({ host: '127.0.0.1', port }).setNoDelay(true).setEncoding('utf8');
    const dialled: Line = { socket, waiting: [] };
    socket.on('data', lineReader((text) => answer(dialled, text)) as (chunk: unknown) => void);
    socket.once('error', (error) => hangUp(dialled, error));
    socket.once('close', () => hangUp(dialled, new Error('the store closed the connection')));
    return dialled;
  };

  return (question) =>
    new Promise<Reply>((resolve, reject) => {
      line ??= dial();
      const asked = line;
      const timer = setTimeout(() => hangUp(asked, new Error(`the store did not answer within ${TIMEOUT} ms`)), TIMEOUT);
      asked.waiting.push({ resolve, reject, timer });
      asked.socket.write(`${JSON.stringify(question)}\n`);
    });
}

function answer(line: Line, text: string): void {
  const one = line.waiting.shift();
  if (one === undefined) throw new Error('the store answered a question that nobody asked');
  clearTimeout(one.timer);
  one.resolve(JSON.parse(text) as Reply);
}
