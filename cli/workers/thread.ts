// A worker that is a thread of this process: quick to start, and it passes batches on without copying them.

import { Worker } from 'node:worker_threads';
import { type Ear, LEAVING_MS, type Link } from './link.ts';
import type { Word } from './messages.ts';

/** Starts a thread that runs `module`. It dies with the process. */
export function openThread(module: string, ear: Ear): Link {
  const worker = new Worker(module);
  let reason: string | null = null;
  worker.on('message', (word: Word) => ear.word(word));
  worker.on('messageerror', (error) => {
    reason ??= error.message;
    void worker.terminate();
  });
  worker.on('error', (error) => {
    reason ??= error.message;
  });
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      ear.gone(reason ?? `exit code ${code}`);
      resolve();
    });
  });
  const kill = async (): Promise<void> => {
    await worker.terminate();
    await gone;
  };
  return {
    send: (order) => worker.postMessage(order),
    kill,
    async ended() {
      const timer = setTimeout(() => void kill(), LEAVING_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
