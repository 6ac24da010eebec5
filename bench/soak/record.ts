// What the soak wants of a record: how many rows it has, and when each exchange was due and done.

import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { Windows } from './windows.ts';

/** Rows in the record of a run. */
export function rowsIn(run: string): Promise<number> {
  return reading(run, async (_, { num_rows }) => Number(num_rows));
}

/** Adds every exchange to the windows, a row group at a time, and returns how many there are. */
export function readLatencies(run: string, windows: Windows): Promise<number> {
  return reading(run, async (file, metadata) => {
    let row = 0;
    for (const { num_rows } of metadata.row_groups) {
      const { due, done } = await times(file, metadata, row, row + Number(num_rows));
      for (const [at, wanted] of due.entries()) windows.add(wanted, done[at] ?? wanted);
      row += Number(num_rows);
    }
    return row;
  });
}

async function times(file: AsyncBuffer, metadata: FileMetaData, rowStart: number, rowEnd: number) {
  const columns = { due: [] as number[], done: [] as number[] };
  await parquetRead({
    ...{ file, metadata, rowStart, rowEnd, columns: Object.keys(columns) },
    onChunk({ columnName, columnData, rowStart: first }) {
      const column = columnName === 'due' ? columns.due : columns.done;
      for (let at = 0; at < columnData.length; at++) column[first - rowStart + at] = Number(columnData[at]);
    },
  });
  return columns;
}

async function reading<T>(run: string, work: (file: AsyncBuffer, metadata: FileMetaData) => Promise<T>): Promise<T> {
  const handle = await open(join(run, 'exchanges.parquet'));
  try {
    const file = await bufferOf(handle);
    return await work(file, await parquetMetadataAsync(file));
  } finally {
    await handle.close();
  }
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(from, to = size) {
      const bytes = new ArrayBuffer(to - from);
      await handle.read(new Uint8Array(bytes), 0, to - from, from);
      return bytes;
    },
  };
}
