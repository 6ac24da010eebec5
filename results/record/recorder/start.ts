// Starts the recorder's thread and stands for it in the thread that started it.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RunFooter } from '../../../model/record.ts';
import type { Batch } from '../batch.ts';
import { unwritable } from '../unwritable.ts';
import type { Answer, Order, Place } from './orders.ts';

export interface RecorderThread {
  /** Hands a batch over: its rows are gone from here. */
  take(source: number, batch: Batch): void;
  end(source: number): void;
  /** Resolves when the thread runs, or never will: starting takes a core for some time, which is not to be the load's. */
  ready(): Promise<void>;
  /** Exchanges handed over that the thread has not received yet. */
  waiting(): number;
  /** Resolves when everything is written and the thread has nothing more to do, or cannot go on; then `onFailure` was called. */
  close(footer: RunFooter | null): Promise<void>;
}

/** `onFailure` is called at most once. The thread keeps no process alive, except while it is being closed. */
export function startRecorder(folder: string, sources: number, onFailure: (error: Error) => void): RecorderThread {
  const received = new SharedArrayBuffer(4);
  const count = new Int32Array(received);
  const place: Place = { folder, sources, received };
  // Options of this process are not for the thread: some, such as --input-type, keep a file from being run.
  const thread = new Worker(moduleOfThread(), { workerData: place, execArgv: [] });
  let sent = 0;
  let over = false;
  let failed = false;
  let finished = (): void => {};
  const finish = new Promise<void>((resolve) => {
    finished = resolve;
  });
  let begun = (): void => {};
  const begin = new Promise<void>((resolve) => {
    begun = resolve;
  });

  function fail(error: Error): void {
    if (!failed) onFailure(error);
    failed = true;
    begun();
    finished();
  }

  thread.on('message', (answer: Answer) => {
    if (answer.kind === 'failed') return fail(errorOf(answer, folder));
    if (answer.kind === 'ready') return begun();
    over = true;
    finished();
  });
  thread.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  thread.on('exit', (code) => {
    if (!over) fail(new Error(`the recorder's thread ended before its time, with code ${code}`));
  });
  // After the listeners, because listening for messages makes a thread count again.
  thread.unref();
  const tell = (order: Order, transfer: ArrayBuffer[]): void => thread.postMessage(order, transfer);

  return {
    take(source, batch) {
      sent = (sent + batch.count) | 0;
      tell({ kind: 'batch', source, batch }, [batch.rows]);
    },
    end: (source) => tell({ kind: 'end', source }, []),
    async ready() {
      thread.ref();
      await begin;
      thread.unref();
    },
    waiting: () => (sent - Atomics.load(count, 0)) | 0,
    async close(footer) {
      thread.ref();
      tell({ kind: 'close', footer }, []);
      await finish;
      thread.unref();
    },
  };
}

/** What the disk says becomes our error; anything else is a bug and stays as it is. */
function errorOf({ disk, message, stack }: Extract<Answer, { kind: 'failed' }>, folder: string): Error {
  if (disk) return unwritable(folder, message);
  const error = new Error(message);
  error.stack = stack;
  return error;
}

/** Node 20 does not run TypeScript: from sources, as in tests, the thread runs from the build. */
function moduleOfThread(): string {
  const here = import.meta.url;
  const built = here.endsWith('.ts') ? new URL('../../../dist/results/record/recorder/thread.js', here) : new URL('./thread.js', here);
  const path = fileURLToPath(built);
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm run build\` first`);
  return path;
}
