// Rows encoded as one Parquet row group.

import type { ColumnChunk, RowGroup } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import { COLUMNS, type Column } from '../columns.ts';
import { type Pages, writeFlags, writeLongs, writeNumbers, writeTexts, writeWholes } from './pages.ts';
import { dictionaryOf, placesOf, withoutNulls } from './places.ts';
import type { Rows } from './rows.ts';
import { type Texts, textBytes } from './texts.ts';

/**
 * Appends the row group to `out` and returns what the footer says of it. Throws when a time or counter is not a whole number: such an
 * exchange cannot be.
 */
export function writeRowGroup(out: ByteWriter, rows: Rows): RowGroup {
  const before = out.offset;
  const texts = textBytes(rows.words.texts);
  const columns = COLUMNS.map((column) => writeChunk(out, column, rows, texts));
  const size = BigInt(out.offset - before);
  return { columns, total_byte_size: size, num_rows: BigInt(rows.length), total_compressed_size: size };
}

function writeChunk(out: ByteWriter, column: Column, rows: Rows, texts: Texts): ColumnChunk {
  const start = out.offset;
  const pages = writePages(out, column, rows, texts);
  const size = BigInt(out.offset - start);
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: TYPES[column.type],
      encodings: pages.encodings,
      path_in_schema: [column.name],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(rows.length),
      total_uncompressed_size: size,
      total_compressed_size: size,
      data_page_offset: BigInt(pages.data),
      ...(pages.data > start ? { dictionary_page_offset: BigInt(start) } : {}),
      statistics: pages.statistics,
    },
  };
}

const TYPES = { whole: 'INT32', long: 'INT64', flag: 'BOOLEAN', text: 'BYTE_ARRAY' } as const;

function writePages(out: ByteWriter, column: Column, rows: Rows, texts: Texts): Pages {
  const { length, words } = rows;
  if (column.of !== 'exchange') return writeShared(out, column, rows[column.of].subarray(0, length), words.values[column.name], texts);
  switch (column.type) {
    case 'whole':
      return writeWholes(out, rows[column.name].subarray(0, length));
    case 'long':
      return writeLongs(out, column.nullable, rows[column.name].subarray(0, length), column.name);
    case 'text': {
      const { entries, place } = dictionaryOf(rows[column.name].subarray(0, length));
      return writeTexts(out, column.nullable, entries, texts, withoutNulls(place));
    }
  }
}

/** `values` are those of titles, bearers or endings, of which `of` tells by row which it has. */
function writeShared(out: ByteWriter, { type, nullable }: Column, of: Int32Array, values: readonly number[], texts: Texts): Pages {
  if (type === 'flag') return writeFlags(out, nullable, placesOf(of, values));
  const { entries, place } = dictionaryOf(values);
  const places = placesOf(of, place);
  return type === 'text' ? writeTexts(out, nullable, entries, texts, places) : writeNumbers(out, nullable, entries, places);
}
