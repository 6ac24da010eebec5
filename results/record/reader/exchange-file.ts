// An exchanges.parquet opened for reading.

import { type FileHandle, open } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, type RowGroup } from 'hyparquet';
import { StickyError } from '../../../model/errors.ts';
import { RECORD_VERSION, VERSION_KEY } from '../columns.ts';
import { decode, PARSERS, type Values } from './decode.ts';

export interface ExchangeFile {
  readonly path: string;
  readonly groups: readonly RowGroup[];
  /** Columns of a row group by name. Rejects with StickyError RECORD_UNREADABLE where the file is damaged. */
  columns(group: RowGroup, wanted: readonly string[]): Promise<ReadonlyMap<string, Values>>;
  close(): Promise<void>;
}

/** @throws StickyError RECORD_UNREADABLE when it cannot be read, or is of another version. */
export async function openExchanges(path: string): Promise<ExchangeFile> {
  const refuse = (error: unknown): never => unreadable(path, error);
  const file = await open(path).catch(refuse);
  try {
    const buffer = await bufferOf(file);
    const metadata = await parquetMetadataAsync(buffer, { parsers: PARSERS });
    checkVersion(metadata, path);
    return {
      path,
      groups: metadata.row_groups,
      columns: (group, wanted) => decode(buffer, metadata, group, wanted).catch(refuse),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    return refuse(error);
  }
}

/** Whatever goes wrong in reading becomes our error, naming the file. */
export function unreadable(path: string, error: unknown): never {
  if (error instanceof StickyError) throw error;
  throw new StickyError('RECORD_UNREADABLE', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}

function checkVersion({ key_value_metadata }: FileMetaData, path: string): void {
  const version = key_value_metadata?.find(({ key }) => key === VERSION_KEY)?.value;
  if (version === RECORD_VERSION) return;
  throw new StickyError(
    'RECORD_UNREADABLE',
    `${path}: expected a record of version ${RECORD_VERSION}, got ${version === undefined ? 'a file that says none' : `version ${version}`}.`,
    'Read it with the version of stickybench that wrote it.',
  );
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
