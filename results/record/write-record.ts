// Writes the record of a run as the run goes, so that whatever ends the tool leaves what was measured.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../model/entry.ts';
import type { RunFooter, RunHeader } from '../../model/record.ts';
import type { Batch } from './batch.ts';
import { headerLine } from './events.ts';
import { createParquetFile } from './recorder/parquet-file.ts';
import { startRecorder } from './recorder/start.ts';
import { createSpool, type Spool } from './spool/spool.ts';
import { unwritable } from './unwritable.ts';

export interface RecordWriter {
  /** Resolves when the recorder's thread runs, or never will. A load that begins before has less of the machine at first. */
  ready(): Promise<void>;
  /** Takes what the spool of a source (numbered from 0) handed over. Never throws because of the disk: see `failure`. Throws after `close`. */
  take(source: number, batch: Batch): void;
  /** A source has nothing more to tell, because it ended or died: its place in the order is not waited for any longer. */
  end(source: number): void;
  /** Takes the entries of source 0, in the order of the run, where no spool of its own stands between: the load runs in this thread. */
  entry(entry: Entry): void;
  /** The first thing that went wrong in writing. From then on entries are dropped, and `close` rejects with it. */
  readonly failure: Error | null;
  /** Writes what is left and the footer. May be called again. Rejects with StickyError OUTPUT_UNWRITABLE. */
  close(footer: RunFooter): Promise<void>;
}

/** Exchanges that may be on their way to the recorder: 256 MB of memory. It puts what it cannot deal with at once into a file, so only a disk that hangs lets so many pile up. */
const MOST_WAITING = 1 << 22;

/**
 * Begins `exchanges.parquet` and `events.ndjson` in the folder. A thread of its own encodes and writes them; every two seconds all of it is
 * a whole Parquet file, so a kill loses about three seconds. Entries of several sources are put into one order, that of their instants; what
 * every source tells alike (faults and phases) is written once.
 * @throws StickyError OUTPUT_UNWRITABLE.
 */
export function createRecord(folder: string, header: RunHeader, sources: number): RecordWriter {
  let failure: Error | null = null;
  let closing: Promise<void> | null = null;
  let spool: Spool | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
  };
  begin(folder, header);
  const recorder = startRecorder(folder, sources, fail);

  function take(source: number, batch: Batch): void {
    if (failure !== null) return;
    if (recorder.waiting() > MOST_WAITING) fail(unwritable(folder, `more than ${MOST_WAITING} exchanges wait for it`));
    else recorder.take(source, batch);
  }

  async function finish(footer: RunFooter): Promise<void> {
    spool?.flush();
    await recorder.close(failure === null ? footer : null);
    if (failure !== null) throw failure;
  }

  function mustBeOpen(): void {
    if (closing !== null) throw new Error('an entry came after the record was closed');
  }

  return {
    ready: recorder.ready,
    take(source, batch) {
      mustBeOpen();
      take(source, batch);
    },
    end(source) {
      if (closing === null && failure === null) recorder.end(source);
    },
    entry(entry) {
      mustBeOpen();
      spool ??= createSpool((batch) => take(0, batch));
      spool.entry(entry);
    },
    get failure() {
      return failure;
    },
    close(footer) {
      closing ??= finish(footer);
      return closing;
    },
  };
}

function begin(folder: string, header: RunHeader): void {
  try {
    writeFileSync(join(folder, 'events.ndjson'), headerLine(header));
    createParquetFile(join(folder, 'exchanges.parquet'));
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unwritable(folder, error.message);
    throw error;
  }
}
