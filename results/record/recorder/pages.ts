// The pages of one column chunk, put together by the library's encoders from numbers that need no looking up.

import type { Encoding, Statistics } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { writePlain } from 'hyparquet-writer/src/plain.js';
import type { LongColumn } from '../columns.ts';
import type { Places } from './places.ts';
import type { Texts } from './texts.ts';
import { type Whole, wholeNumbers } from './whole-numbers.ts';

/*
 * The library's own column writer finds each value's place in the dictionary by a Map, decides about dictionaries by sampling, compares every
 * value with the limits of its type as big integers and keeps statistics: 1.5 to 4 µs an exchange. Here the places are known, so that its
 * encoders are called directly. Pages are of version 2; what their bodies look like: Parquet's Encodings.md.
 */

/** What was written. */
export interface Pages {
  readonly encodings: Encoding[];
  /** Where the data page begins; a dictionary page stands before it. */
  readonly data: number;
  readonly statistics: Statistics;
}

export function writeTexts(out: ByteWriter, nullable: boolean, entries: readonly number[], texts: Texts, places: Places): Pages {
  const dictionary = new ByteWriter();
  const values = entries.map(texts);
  writePlain(dictionary, values, 'BYTE_ARRAY', undefined);
  return withBounds(writeCoded(out, nullable, values.length, dictionary.getBytes(), places), places, values);
}

export function writeNumbers(out: ByteWriter, nullable: boolean, entries: number[], places: Places): Pages {
  const dictionary = new ByteWriter();
  writePlain(dictionary, entries, 'INT32', undefined);
  return withBounds(writeCoded(out, nullable, entries.length, dictionary.getBytes(), places), places, entries);
}

/** A dictionary page, and a page with the place of each value in it. Nothing but nulls has none. */
function writeCoded(out: ByteWriter, nullable: boolean, entries: number, dictionary: Uint8Array, places: Places): Pages {
  if (entries === 0) return writeData(out, 'PLAIN', levelsOf(nullable, places), NO_BYTES);
  const size = dictionary.length;
  writePageHeader(out, {
    type: 'DICTIONARY_PAGE',
    uncompressed_page_size: size,
    compressed_page_size: size,
    dictionary_page_header: { num_values: entries, encoding: 'PLAIN' },
  });
  out.appendBytes(dictionary);
  const width = 32 - Math.clz32(entries - 1);
  const body = begin(page);
  body.appendUint8(width);
  if (places.same === null) writeRleBitPackedHybrid(body, places.of, width);
  else body.appendBytes(run(0, 0, places.rows));
  const pages = writeData(out, 'RLE_DICTIONARY', levelsOf(nullable, places), body.getBytes());
  return { ...pages, encodings: ['PLAIN', 'RLE_DICTIONARY'] };
}

/** Places are 0 and 1 themselves. */
export function writeFlags(out: ByteWriter, nullable: boolean, places: Places): Pages {
  const bits = bitsOf(places);
  const body = new ByteWriter(bits.length + 4);
  body.appendUint32(bits.length);
  body.appendBytes(bits);
  return withBounds(writeData(out, 'RLE', levelsOf(nullable, places), body.getBytes()), places, [false, true]);
}

/** Where all rows have one value, statistics tell it, so that a reader need not decode it. Others have no bounds: they would tell nothing. */
function withBounds(pages: Pages, { same }: Places, values: readonly (Uint8Array | number | boolean)[]): Pages {
  const value = same === null ? undefined : values[same];
  if (value === undefined) return pages;
  return { ...pages, statistics: { ...pages.statistics, min_value: value, max_value: value } };
}

function bitsOf(places: Places): Uint8Array {
  if (places.same !== null) return places.same < 0 ? NO_BYTES : run(places.same, 1, places.rows);
  const bits = begin(page);
  writeRleBitPackedHybrid(bits, places.of, 1);
  return bits.getBytes();
}

/** 32-bit integers, never null. */
export function writeWholes(out: ByteWriter, values: Int32Array): Pages {
  const body = begin(page);
  deltaBinaryPack(body, values, 'INT32');
  return writeData(out, 'DELTA_BINARY_PACKED', { rows: values.length, nulls: 0, bytes: NO_BYTES }, body.getBytes());
}

/** Longs, NaN for null. Smallest and largest let a reader skip row groups by time, and read them as 32-bit numbers. */
export function writeLongs(out: ByteWriter, nullable: boolean, values: Float64Array, column: LongColumn): Pages {
  const numbers = wholeNumbers(values, column);
  const { fromFirst, present, smallest, largest } = numbers;
  if (!nullable && present !== null) throw new Error(`impossible exchange: ${column} is NaN`);
  const levels = levelsOf(nullable, { rows: values.length, same: null, of: fromFirst, present });
  const pages = writeData(out, 'DELTA_BINARY_PACKED', levels, packed(numbers));
  const bounds = fromFirst.length === 0 ? {} : { min_value: BigInt(smallest), max_value: BigInt(largest) };
  return { ...pages, statistics: { ...pages.statistics, ...bounds } };
}

/** Varints before the deltas of a page: block size, miniblocks in a block, number of values, first value. */
const HEADER = 4;

/**
 * Of the values only the first one is written as it is, then only differences: values counted from the first give the same page but for that
 * one. So the library packs small numbers, which it does eight times as fast as big integers.
 */
function packed({ first, fromFirst, wide }: Whole): Uint8Array {
  const body = begin(page);
  deltaBinaryPack(body, wide ?? fromFirst, 'INT64');
  const bytes = body.getBytes();
  if (wide !== null || fromFirst.length === 0) return bytes;
  const whole = new ByteWriter(bytes.length + 16);
  whole.appendBytes(bytes.subarray(0, varintsEnd(bytes, HEADER - 1)));
  whole.appendZigZag(BigInt(first));
  whole.appendBytes(bytes.subarray(varintsEnd(bytes, HEADER)));
  return whole.getBytes();
}

/** Where the first `count` varints end: the last byte of each has its high bit clear. */
function varintsEnd(bytes: Uint8Array, count: number): number {
  let end = 0;
  for (let seen = 0; seen < count; end++) if ((bytes[end] as number) < 0x80) seen += 1;
  return end;
}

/** The body of the page at hand: one page is put together after the other, so they can share it. */
const page = new ByteWriter(1 << 18);

function begin(bytes: ByteWriter): ByteWriter {
  bytes.index = 0;
  bytes.offset = 0;
  return bytes;
}

/** Definition levels: which of the rows are not null. A column that cannot be null has none. */
interface Levels {
  readonly rows: number;
  readonly nulls: number;
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

function levelsOf(nullable: boolean, places: Places): Levels {
  const { rows } = places;
  const nulls = places.same === null ? rows - places.of.length : places.same < 0 ? rows : 0;
  if (!nullable) return { rows, nulls, bytes: NO_BYTES };
  if (places.same !== null || places.present === null) return { rows, nulls, bytes: run(nulls === 0 ? 1 : 0, 1, rows) };
  const bytes = new ByteWriter();
  writeRleBitPackedHybrid(bytes, places.present, 1);
  return { rows, nulls, bytes: bytes.getBytes() };
}

/** Runs by value and width. Those of the last length are kept: most columns of a row group are one run, and most of their levels are. */
const runs = new Map<number, { readonly rows: number; readonly bytes: Uint8Array }>();

/** The same number, 0 or 1, for all rows, in so many bits each. */
function run(value: number, width: 0 | 1, rows: number): Uint8Array {
  const known = runs.get(2 * value + width);
  if (known?.rows === rows) return known.bytes;
  const bytes = new ByteWriter(16);
  writeRleBitPackedHybrid(bytes, new Uint8Array(rows).fill(value), width);
  runs.set(2 * value + width, { rows, bytes: bytes.getBytes() });
  return bytes.getBytes();
}

function writeData(out: ByteWriter, encoding: Encoding, { rows, nulls, bytes }: Levels, body: Uint8Array): Pages {
  const data = out.offset;
  const size = bytes.length + body.length;
  writePageHeader(out, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: size,
    compressed_page_size: size,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: nulls,
      num_rows: rows,
      encoding,
      definition_levels_byte_length: bytes.length,
      repetition_levels_byte_length: 0,
      is_compressed: true,
    },
  });
  out.appendBytes(bytes);
  out.appendBytes(body);
  return { encodings: [encoding], data, statistics: { null_count: BigInt(nulls) } };
}
