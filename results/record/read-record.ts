// Reads a record back: the entries in exactly the order in which the run saw them, in bounded memory.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '../../model/entry.ts';
import type { RunFooter, RunHeader } from '../../model/record.ts';
import { type PlacedMark, parseEvents } from './events.ts';
import { blocksOf } from './reader/blocks.ts';
import { openExchanges, unreadable } from './reader/exchange-file.ts';

export interface RunRecord {
  readonly header: RunHeader;
  /** Null when the record was cut: the tool was killed. */
  readonly footer: RunFooter | null;
  /** One row group in memory at a time. Throws StickyError RECORD_UNREADABLE where the file is damaged. */
  readonly entries: AsyncIterable<Entry>;
  /** Hands the same entries to `visit`: quicker than iterating, which waits for each. Rejects likewise, and with what `visit` throws. */
  each(visit: (entry: Entry) => void): Promise<void>;
  /** All marks and the exchanges of one user, in the same order. */
  eachOf(user: number, visit: (entry: Entry) => void): Promise<void>;
}

/**
 * Opens the record in a run folder. Of a cut record, what had reached the disk is read; marks later than the last exchange come at the end.
 * @throws StickyError RECORD_UNREADABLE.
 */
export async function readRecord(folder: string): Promise<RunRecord> {
  const eventsPath = join(folder, 'events.ndjson');
  const text = await readFile(eventsPath, 'utf8').catch((error: unknown) => unreadable(eventsPath, error));
  const { header, marks, footer } = parseEvents(text, eventsPath);
  const path = join(folder, 'exchanges.parquet');
  await (await openExchanges(path)).close();
  return {
    header,
    footer,
    entries: { [Symbol.asyncIterator]: () => entriesOf(path, marks) },
    each: (visit) => visitEach(path, marks, null, visit),
    eachOf: (user, visit) => visitEach(path, marks, user, visit),
  };
}

async function* entriesOf(path: string, marks: readonly PlacedMark[]): AsyncGenerator<Entry> {
  const file = await openExchanges(path);
  try {
    for await (const block of blocksOf(file, marks, null)) yield* block;
  } finally {
    await file.close();
  }
}

async function visitEach(path: string, marks: readonly PlacedMark[], user: number | null, visit: (entry: Entry) => void): Promise<void> {
  const file = await openExchanges(path);
  try {
    for await (const block of blocksOf(file, marks, user)) for (const entry of block) visit(entry);
  } finally {
    await file.close();
  }
}
