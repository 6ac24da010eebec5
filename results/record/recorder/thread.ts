// The recorder's thread: takes what is handed to it, works while there is something to do, and commits every few seconds.

import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, Order, Place } from './orders.ts';
import { createRecorder, HELD, type Recorder } from './recorder.ts';

/** Exchanges that were dealt with wait at most this long to be safe on the disk, in milliseconds. */
const PERIOD = 2_000;

function run({ folder, sources, received }: Place): void {
  const count = new Int32Array(received);
  const tell = (answer: Answer): void => parentPort?.postMessage(answer);
  /** Null after a failure: nothing is written any more, and what comes is let go. */
  let recorder: Recorder | null = null;
  let working = false;

  function trying(work: () => void): void {
    try {
      work();
    } catch (error) {
      recorder = null;
      tell(failureOf(error));
    }
  }

  /** One row group at a time: between two of them batches are taken in, so that they do not pile up unseen. */
  function turn(): void {
    working = false;
    trying(() => {
      if (recorder?.work() === true) goOn();
    });
  }

  function goOn(): void {
    if (!working) setImmediate(turn);
    working = true;
  }

  function close(): void {
    clearInterval(timer);
    tell({ kind: 'closed' });
    parentPort?.close();
  }

  const timer = setInterval(() => trying(() => recorder?.commit()), PERIOD);
  parentPort?.on('message', (order: Order) => {
    if (order.kind === 'batch') Atomics.add(count, 0, order.batch.count);
    trying(() => {
      if (order.kind === 'batch') recorder?.take(order.source, order.batch);
      else if (order.kind === 'end') recorder?.end(order.source);
      else recorder?.close(order.footer);
    });
    if (order.kind === 'close') close();
    else goOn();
  });
  trying(() => {
    recorder = createRecorder(folder, sources, HELD);
  });
  tell({ kind: 'ready' });
}

function failureOf(error: unknown): Answer {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'failed', disk: error instanceof Error && 'syscall' in error, message, stack: stack ?? message };
}

run(workerData as Place);
