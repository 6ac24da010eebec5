// A worker's end of the line to the main thread.

import { parentPort } from 'node:worker_threads';
import type { Order, Word } from './messages.ts';

export interface Port {
  /** `moved`: buffers that the main thread takes over, where it can. */
  say(word: Word, moved?: readonly ArrayBuffer[]): void;
  /** Takes the orders from now on, in the order in which they were given. */
  listen(take: (order: Order) => void): void;
  /** The last word has been said. */
  leave(): void;
}

/** The line of this thread, or of this process. */
export function portToMain(): Port {
  return parentPort === null ? ofProcess() : ofThread(parentPort);
}

function ofThread(port: NonNullable<typeof parentPort>): Port {
  return {
    say: (word, moved = []) => port.postMessage(word, moved),
    listen: (take) => void port.on('message', take),
    leave: () => port.close(),
  };
}

/** The process ends when the other end of the line is closed: after our last word, or because the main process is gone. */
function ofProcess(): Port {
  process.once('disconnect', () => process.exit());
  return {
    say: (word) => void process.send?.(word),
    listen: (take) => void process.on('message', (order) => take(order as Order)),
    leave: () => {},
  };
}
