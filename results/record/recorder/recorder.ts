// Puts the entries of all sources into one order and writes them: exchanges as row groups, marks as lines.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFooter } from '../../../model/record.ts';
import type { Batch } from '../batch.ts';
import { footerLine, markLine } from '../events.ts';
import { createBacklog } from './backlog.ts';
import { openParquetFile } from './parquet-file.ts';
import { clear, makeRows } from './rows.ts';
import { createSharedMarks } from './shared-marks.ts';
import { createStream, type Stream } from './stream.ts';

export interface Recorder {
  /** Takes what a source has to tell; `work` deals with it. */
  take(source: number, batch: Batch): void;
  /** The source has nothing more to tell: the others wait for it no longer. */
  end(source: number): void;
  /** Deals with what is there, one row group at most. False: there is nothing left to do until more comes. */
  work(): boolean;
  /** Makes what was dealt with safe from a kill. */
  commit(): void;
  /** Deals with everything and closes the files. Without a footer the record counts as cut. */
  close(footer: RunFooter | null): void;
}

/**
 * Exchanges in one row group. They take 25 ms to encode. Larger groups would make dictionaries of many sessions cheaper still, but a reader
 * holds one group in memory.
 */
export const GROUP = 65_536;

/** Exchanges that may wait in memory to be dealt with: 64 MB. */
export const HELD = 1 << 20;

/**
 * Works on the `exchanges.parquet` and `events.ndjson` that are begun in the folder. Of what waits to be dealt with, `held` exchanges stay in
 * memory and the others go into a file beside them. Everything throws when the disk does.
 */
export function createRecorder(folder: string, sources: number, held: number): Recorder {
  const streams = Array.from({ length: sources }, createStream);
  const ended = new Array<boolean>(sources).fill(false);
  const backlog = createBacklog(join(folder, 'exchanges.waiting'), sources, held);
  const marks = createSharedMarks(sources);
  const events = openSync(join(folder, 'events.ndjson'), 'a');
  const file = openParquetFile(join(folder, 'exchanges.parquet'));
  const rows = makeRows(GROUP);

  /** Opens the next batches of a source that is read to its end, until one has something in it. */
  function refill(source: number): void {
    const stream = streams[source];
    while (stream?.next === 'none') {
      const batch = backlog.take(source);
      if (batch === null) return;
      stream.open(batch);
    }
  }

  function passMark(source: number, stream: Stream): void {
    const mark = stream.takeMark();
    if (marks.isFirst(source, mark)) writeSync(events, markLine(mark, file.rows + rows.length));
  }

  function work(): boolean {
    for (let source = 0; source < sources; source++) refill(source);
    for (;;) {
      const source = earliest(streams, ended);
      const stream = streams[source];
      if (stream === undefined) return false;
      if (stream.next === 'mark') passMark(source, stream);
      else stream.moveInto(rows, untilOf(streams, ended, source));
      refill(source);
      if (rows.length < GROUP) continue;
      file.append(rows);
      clear(rows);
      return true;
    }
  }

  return {
    take: (source, batch) => backlog.put(source, batch),
    end(source) {
      ended[source] = true;
    },
    work,
    commit: () => file.commit(rows),
    close(footer) {
      ended.fill(true);
      while (work());
      file.commit(rows);
      if (footer !== null) writeSync(events, footerLine(footer));
      closeSync(events);
      file.close();
      backlog.close();
    },
  };
}

/**
 * The source whose next entry is the earliest; -1 when there is none, or when it may yet come from a source that has nothing at hand. At one
 * instant exchanges go before marks: whatever a source tells after a mark is later in its own stream, so none is passed by.
 */
function earliest(streams: readonly Stream[], ended: readonly boolean[]): number {
  let found = -1;
  let at = Number.POSITIVE_INFINITY;
  let rank = 0;
  for (let source = 0; source < streams.length; source++) {
    const stream = streams[source] as Stream;
    const { next } = stream;
    if (next === 'none' && ended[source] === true) continue;
    const its = RANKS[next];
    if (stream.at > at || (stream.at === at && its >= rank && found >= 0)) continue;
    found = source;
    at = stream.at;
    rank = its;
  }
  return rank === RANKS.none ? -1 : found;
}

const RANKS = { none: 0, exchange: 1, mark: 2 };

/** Up to when no other source has anything. */
function untilOf(streams: readonly Stream[], ended: readonly boolean[], own: number): number {
  let until = Number.POSITIVE_INFINITY;
  for (let source = 0; source < streams.length; source++) {
    const stream = streams[source] as Stream;
    if (source !== own && !(stream.next === 'none' && ended[source] === true) && stream.at < until) until = stream.at;
  }
  return until;
}
