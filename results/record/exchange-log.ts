// Exchanges on their way to the disk: gathered in memory, encoded in the background, committed every few seconds.

import type { Exchange } from '../../model/entry.ts';
import { createParquetFile } from './parquet-file.ts';
import { addRow, makeRows, type Rows } from './rows.ts';

export interface ExchangeLog {
  /** Exchanges added so far. */
  readonly count: number;
  add(exchange: Exchange): void;
  /** Commits what is left and closes the file. Never rejects; what goes wrong goes to `onFailure`. */
  close(): Promise<void>;
}

/**
 * Exchanges in one row group. Encoding takes about 2 µs an exchange, 5 µs when every answer makes a new session; the loop is let go after
 * each column, so it is held for 1 ms at a time, 6 ms then. Larger groups would hold it longer, smaller ones make the footer long.
 */
export const GROUP = 8_192;

/** Exchanges wait at most this long to reach the disk, in milliseconds. */
const PERIOD = 3_000;

/** Empty columns kept for use again. */
const SPARES = 2;

/** Creates the file at once; throws when it cannot. `onFailure` is called when a later write or encoding fails; then nothing more is written. */
export function createExchangeLog(path: string, onFailure: (error: unknown) => void): ExchangeLog {
  const file = createParquetFile(path);
  const spares: Rows[] = [];
  let rows = makeRows(GROUP);
  let count = 0;
  let open = true;
  let failed = false;
  let timer = setTimeout(tick, PERIOD).unref();
  /** Encoding and committing share one buffer, so they go one after the other. */
  let queue: Promise<void> = Promise.resolve();

  function enqueue(task: () => Promise<void>): void {
    queue = queue
      .then(() => (failed ? undefined : task()))
      .catch((error: unknown) => {
        failed = true;
        onFailure(error);
      });
  }

  function turnOver(): void {
    const done = rows;
    rows = spares.pop() ?? makeRows(GROUP);
    enqueue(async () => {
      await file.append(done, breathe);
      done.length = 0;
      if (spares.length < SPARES) spares.push(done);
    });
  }

  function tick(): void {
    if (rows.length > 0) turnOver();
    enqueue(async () => {
      await file.commit();
      if (open) timer = setTimeout(tick, PERIOD).unref();
    });
  }

  return {
    get count() {
      return count;
    },
    add(exchange) {
      addRow(rows, exchange);
      count++;
      if (rows.length === GROUP) turnOver();
    },
    async close() {
      open = false;
      clearTimeout(timer);
      tick();
      await queue;
      file.close();
    },
  };
}

/** Lets sockets and timers have their turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
