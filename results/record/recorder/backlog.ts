// Batches that wait their turn: in memory as long as they are few, behind that in a file.

import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Batch } from '../batch.ts';

export interface Backlog {
  put(source: number, batch: Batch): void;
  /** The oldest batch of a source, or null. */
  take(source: number): Batch | null;
  /** Removes the file, if there ever was one. */
  close(): void;
}

/** Where a batch stands in the file. */
interface Stored {
  readonly at: number;
  readonly length: number;
}

/**
 * Keeps batches of up to `most` exchanges in memory and writes the others to the file at `path`: a recorder that gets too little of the
 * processor, or a source that all the others wait for, fills a disk and not the memory.
 */
export function createBacklog(path: string, sources: number, most: number): Backlog {
  const queues = Array.from({ length: sources }, (): (Batch | Stored)[] => []);
  let file: number | null = null;
  let end = 0;
  let stored = 0;
  let held = 0;

  function store(batch: Batch): Stored {
    const bytes = serialize(batch);
    file ??= openSync(path, 'w+');
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written, bytes.length - written, end + written);
    const place = { at: end, length: bytes.length };
    end += bytes.length;
    stored += 1;
    return place;
  }

  function fetch({ at, length }: Stored): Batch {
    if (file === null) throw new Error('nothing was stored');
    const bytes = Buffer.allocUnsafe(length);
    for (let read = 0; read < length; ) read += readSync(file, bytes, read, length - read, at + read);
    stored -= 1;
    if (stored === 0) {
      end = 0;
      ftruncateSync(file, 0);
    }
    return deserialize(bytes) as Batch;
  }

  return {
    put(source, batch) {
      const queue = queueOf(queues, source);
      if (held + batch.count > most) {
        queue.push(store(batch));
      } else {
        held += batch.count;
        queue.push(batch);
      }
    },
    take(source) {
      const next = queueOf(queues, source).shift();
      if (next === undefined) return null;
      if ('at' in next) return fetch(next);
      held -= next.count;
      return next;
    },
    close() {
      if (file === null) return;
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

function queueOf<T>(queues: readonly T[], source: number): T {
  const queue = queues[source];
  if (queue === undefined) throw new Error(`there is no source ${source}: they are numbered from 0 to ${queues.length - 1}`);
  return queue;
}
