// The columns of one row group as arrays.

import {
  type AsyncBuffer,
  type ColumnMetaData,
  type DecodedArray,
  type FileMetaData,
  parquetRead,
  type RowGroup,
  type SchemaElement,
} from 'hyparquet';

/** The values of one column, row by row. 64-bit integers are numbers; where they are null, NaN. */
export type Values = ArrayLike<unknown>;

/** A byte order mark at the start of a text is part of the text, which the library's own decoder would drop. */
export const PARSERS = {
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(),
};

interface Chunk {
  readonly meta: ColumnMetaData;
  /** The least of 64-bit integers that are to be decoded as 32-bit ones; else null. */
  readonly low: bigint | null;
  /** Its pages, nearly always one. */
  readonly parts: DecodedArray[];
}

/**
 * Decodes the columns of the given names, of one row group. What statistics say is not decoded: a column of one value, or of nulls alone.
 */
export async function decode(
  file: AsyncBuffer,
  whole: FileMetaData,
  group: RowGroup,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, Values>> {
  const decoded = new Map<string, Values>();
  const chunks = new Map<string, Chunk>();
  for (const { meta_data } of group.columns) {
    const name = meta_data?.path_in_schema[0];
    if (meta_data === undefined || name === undefined || !wanted.includes(name)) continue;
    const same = onlyValue(meta_data);
    if (same !== undefined) decoded.set(name, new Array(Number(group.num_rows)).fill(same));
    else chunks.set(name, { meta: meta_data, low: narrowFrom(meta_data), parts: [] });
  }
  const onChunk = ({ columnName, columnData }: { columnName: string; columnData: DecodedArray }): void => {
    chunks.get(columnName)?.parts.push(columnData);
  };
  await parquetRead({ file, metadata: of(chunks, whole, group), parsers: PARSERS, onChunk });
  for (const [name, { meta, low, parts }] of chunks) {
    const [first, ...others] = parts;
    const values = first !== undefined && others.length === 0 ? first : parts.flatMap((part) => Array.from(part));
    decoded.set(name, meta.type === 'INT64' ? longs(values, low) : values);
  }
  return decoded;
}

/** The one value that all rows have, null among them; undefined when they differ, or may differ. */
function onlyValue({ statistics, num_values }: ColumnMetaData): unknown {
  if (statistics === undefined) return undefined;
  const { null_count, min_value, max_value, is_min_value_exact, is_max_value_exact } = statistics;
  if (null_count === num_values) return null;
  if (null_count !== 0n || is_min_value_exact === false || is_max_value_exact === false) return undefined;
  if (min_value !== max_value) return undefined;
  return typeof min_value === 'bigint' ? Number(min_value) : min_value;
}

/**
 * Big integers take ten times as long to decode. Deltas of 64-bit integers are packed as those of 32-bit ones are, and adding them up modulo
 * 2^32 leaves the differences between numbers that lie within 2^31 of each other; the least of them is in the statistics.
 */
function narrowFrom({ type, encodings, statistics }: ColumnMetaData): bigint | null {
  if (type !== 'INT64' || encodings.some((encoding) => encoding !== 'DELTA_BINARY_PACKED')) return null;
  const { min_value, max_value } = statistics ?? {};
  if (typeof min_value !== 'bigint' || typeof max_value !== 'bigint') return null;
  return max_value - min_value < 1n << 31n ? min_value : null;
}

/** Metadata of a file that has one row group, of the columns at hand. */
function of(chunks: ReadonlyMap<string, Chunk>, whole: FileMetaData, group: RowGroup): FileMetaData {
  const narrow = (name: string | undefined): boolean => typeof chunks.get(name ?? '')?.low === 'bigint';
  const schema = whole.schema.map((element): SchemaElement => (narrow(element.name) ? { ...element, type: 'INT32' } : element));
  const columns = group.columns.flatMap((column) => {
    const meta = chunks.get(column.meta_data?.path_in_schema[0] ?? '')?.meta;
    return meta === undefined
      ? []
      : [{ ...column, meta_data: narrow(meta.path_in_schema[0]) ? { ...meta, type: 'INT32' as const } : meta }];
  });
  return { ...whole, schema, num_rows: group.num_rows, row_groups: [{ ...group, columns }] };
}

function longs(values: Values, low: bigint | null): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    numbers[row] = value === null ? Number.NaN : Number(value);
  }
  if (low !== null) shift(numbers, Number(low));
  return numbers;
}

/** Puts numbers of which the differences are right where they belong: the least of them is `low`. NaN stays NaN. */
function shift(numbers: Float64Array, low: number): void {
  const first = numbers.find((number) => !Number.isNaN(number)) ?? 0;
  let least = 0;
  for (let row = 0; row < numbers.length; row++) {
    const difference = ((numbers[row] as number) - first) | 0;
    if (difference < least) least = difference;
  }
  const base = low - least;
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row] as number;
    if (!Number.isNaN(number)) numbers[row] = base + ((number - first) | 0);
  }
}
