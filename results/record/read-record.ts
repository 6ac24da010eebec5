// Reads a record back: the entries in exactly the order in which the run saw them, in bounded memory.

import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { Entry } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import type { RunFooter, RunHeader } from '../../model/record.ts';
import { COLUMNS, RECORD_VERSION, VERSION_KEY } from './columns.ts';
import { type PlacedMark, parseEvents } from './events.ts';
import { type Group, rowToExchange } from './group.ts';

export interface RunRecord {
  readonly header: RunHeader;
  /** Null when the record was cut: the tool was killed. */
  readonly footer: RunFooter | null;
  /** One row group in memory at a time. Throws StickyError RECORD_UNREADABLE where the file is damaged. */
  readonly entries: AsyncIterable<Entry>;
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
  const file = await open(path).catch((error: unknown) => unreadable(path, error));
  try {
    await metadataOf(await bufferOf(file), path);
  } finally {
    await file.close();
  }
  return { header, footer, entries: { [Symbol.asyncIterator]: () => merge(path, marks) } };
}

async function* merge(path: string, marks: readonly PlacedMark[]): AsyncGenerator<Entry> {
  const file = await open(path).catch((error: unknown) => unreadable(path, error));
  try {
    const buffer = await bufferOf(file);
    const metadata = await metadataOf(buffer, path);
    let row = 0;
    let next = 0;
    for (const { num_rows } of metadata.row_groups) {
      const length = Number(num_rows);
      const group = await readGroup(buffer, metadata, row, length).catch((error: unknown) => unreadable(path, error));
      for (let at = 0; at < length; at++, row++) {
        for (let placed = marks[next]; placed !== undefined && placed.row <= row; placed = marks[++next]) yield placed.mark;
        yield rowToExchange(group, at, path);
      }
    }
    for (const placed of marks.slice(next)) yield placed.mark;
  } finally {
    await file.close();
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A byte order mark at the start of a text is part of the text, which the library's own decoder would drop. */
const parsers = { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && utf8.decode(bytes) };

async function readGroup(file: AsyncBuffer, metadata: FileMetaData, rowStart: number, length: number): Promise<Group> {
  const group = new Map(COLUMNS.map(({ name }) => [name as string, new Array<unknown>(length).fill(null)]));
  await parquetRead({
    file,
    metadata,
    rowStart,
    rowEnd: rowStart + length,
    parsers,
    onChunk({ columnName, columnData, rowStart: chunkStart }) {
      const column = group.get(columnName) ?? [];
      for (let at = 0; at < columnData.length; at++) column[chunkStart - rowStart + at] = columnData[at];
    },
  });
  return group;
}

async function metadataOf(file: AsyncBuffer, path: string): Promise<FileMetaData> {
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => unreadable(path, error));
  const version = metadata.key_value_metadata?.find(({ key }) => key === VERSION_KEY)?.value;
  if (version !== RECORD_VERSION)
    throw new StickyError(
      'RECORD_UNREADABLE',
      `${path}: expected a record of version ${RECORD_VERSION}, got ${version === undefined ? 'a file that says none' : `version ${version}`}.`,
      'Read it with the version of stickybench that wrote it.',
    );
  return metadata;
}

async function bufferOf(file: FileHandle): Promise<AsyncBuffer> {
  const { size } = await file.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      await file.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
}

function unreadable(path: string, error: unknown): never {
  if (error instanceof StickyError) throw error;
  throw new StickyError('RECORD_UNREADABLE', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}
