// The footer of a growing Parquet file, at a cost that does not grow with the file.

import type { RowGroup } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { COLUMNS, RECORD_VERSION, schemaElement, VERSION_KEY } from '../columns.ts';

export interface Footer {
  /** Notes one more row group. */
  add(group: RowGroup): void;
  /** The footer of a file of all row groups so far and perhaps one more, length and magic included. */
  bytes(more: RowGroup | null): Uint8Array;
}

/**
 * The library encodes the footer anew, all row groups at one go: 30 ms for a million exchanges, again at every commit. So each row group is
 * encoded once, in a footer of its own, and cut out of it.
 *
 * A footer is a Thrift struct: fields before the list of row groups, the list's header, its elements, fields after it. The footers of a file
 * with no row group and of one with one row group differ in the list's header and in the element behind it, so comparing the two finds where
 * the list is, and what stands behind it. (Thrift compact protocol, lists: one byte `size << 4 | type` below 15 elements, else
 * `0xf0 | type` and the size as a varint.)
 */
export function createFooter(): Footer {
  const parts: Uint8Array[] = [];
  let rows = 0n;
  const { list, after } = findList();

  function partOf(group: RowGroup): Uint8Array {
    const one = encode(0n, [group]);
    return one.slice(list + 1, one.length - after);
  }

  return {
    add(group) {
      parts.push(partOf(group));
      rows += group.num_rows;
    },
    bytes(more) {
      const all = more === null ? parts : [...parts, partOf(more)];
      const bare = encode(rows + (more?.num_rows ?? 0n), []);
      const behind = bare.length - after;
      return sealed([bare.subarray(0, behind - 1), listHeader(all.length), ...all, bare.subarray(behind)]);
    },
  };
}

/** Where the header of the list of row groups is when the number of rows is 0, and how many bytes stand behind the list. */
function findList(): { readonly list: number; readonly after: number } {
  const none = encode(0n, []);
  const one = encode(0n, [{ columns: [], total_byte_size: 0n, num_rows: 0n }]);
  const list = one.findIndex((byte, place) => byte !== none[place]);
  if (one[list] !== ((1 << 4) | STRUCT)) throw new Error('the footer is not laid out as expected');
  return { list, after: none.length - list - 1 };
}

/** Thrift's type number of a struct. */
const STRUCT = 12;

const MAGIC = new TextEncoder().encode('PAR1');

/** The Thrift struct alone, without its length and the magic. */
function encode(rows: bigint, groups: RowGroup[]): Uint8Array {
  const bytes = new ByteWriter();
  const schema = [{ name: 'exchanges', num_children: COLUMNS.length }, ...COLUMNS.map(schemaElement)];
  const kvMetadata = [{ key: VERSION_KEY, value: RECORD_VERSION }];
  const file = new ParquetWriter({ writer: bytes, schema, codec: 'UNCOMPRESSED', createdBy: 'stickybench', kvMetadata });
  file.num_rows = rows;
  file.row_groups = groups;
  file.finish();
  return bytes.getBytes().slice(MAGIC.length, bytes.index - MAGIC.length - 4);
}

function listHeader(size: number): Uint8Array {
  if (size < 15) return Uint8Array.of((size << 4) | STRUCT);
  const bytes = [0xf0 | STRUCT];
  let rest = size;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

function sealed(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length + 8);
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  new DataView(all.buffer).setUint32(length, length, true);
  all.set(MAGIC, length + 4);
  return all;
}
