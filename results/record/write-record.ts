// Writes the record of a run as the run goes, so that whatever ends the tool leaves what was measured.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import type { RunFooter, RunHeader } from '../../model/record.ts';
import { footerLine, headerLine, markLine } from './events.ts';
import { createExchangeLog, type ExchangeLog } from './exchange-log.ts';

export interface RecordWriter {
  /** Takes entries in the order of the run. Never throws because of the disk: see `failure`. Throws after `close`. */
  entry(entry: Entry): void;
  /** The first thing that went wrong in writing. From then on entries are dropped, and `close` rejects with it. */
  readonly failure: Error | null;
  /** Writes what is left and the footer. May be called again. Rejects with StickyError OUTPUT_UNWRITABLE. */
  close(footer: RunFooter): Promise<void>;
}

/**
 * Begins `exchanges.parquet` and `events.ndjson` in the folder. Marks are written at once; exchanges are committed every three seconds,
 * after which the file is a whole Parquet file: a kill loses what came since.
 * @throws StickyError OUTPUT_UNWRITABLE.
 */
export function createRecord(folder: string, header: RunHeader): RecordWriter {
  let failure: Error | null = null;
  let closing: Promise<void> | null = null;
  const fail = (error: unknown): void => {
    failure ??= unwritable(folder, error);
  };
  const { events, exchanges } = begin(folder, header, fail);

  function line(text: string): void {
    if (failure !== null) return;
    try {
      writeSync(events, text);
    } catch (error) {
      fail(error);
    }
  }

  async function finish(footer: RunFooter): Promise<void> {
    await exchanges.close();
    line(footerLine(footer));
    closeSync(events);
    if (failure !== null) throw failure;
  }

  return {
    entry(entry) {
      if (closing !== null) throw new Error('an entry came after the record was closed');
      if (failure !== null) return;
      if (entry.kind === 'exchange') exchanges.add(entry);
      else line(markLine(entry, exchanges.count));
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

interface Files {
  readonly events: number;
  readonly exchanges: ExchangeLog;
}

function begin(folder: string, header: RunHeader, onFailure: (error: unknown) => void): Files {
  try {
    const events = openSync(join(folder, 'events.ndjson'), 'w');
    writeSync(events, headerLine(header));
    return { events, exchanges: createExchangeLog(join(folder, 'exchanges.parquet'), onFailure) };
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** What the disk says becomes our error; anything else is a bug and stays as it is. */
function unwritable(folder: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (!('syscall' in error)) return error;
  return new StickyError('OUTPUT_UNWRITABLE', `The record in ${folder} cannot be written: ${error.message}`);
}
