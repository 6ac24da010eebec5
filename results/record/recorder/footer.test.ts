import type { RowGroup } from 'hyparquet';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../columns.ts';
import { createFooter } from './footer.ts';

const group = (rows: number): RowGroup => ({
  columns: COLUMNS.map(({ name }) => ({
    file_offset: 4n,
    meta_data: {
      type: 'INT32',
      encodings: ['PLAIN'],
      path_in_schema: [name],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(rows),
      total_uncompressed_size: 40n,
      total_compressed_size: 40n,
      data_page_offset: 4n,
    },
  })),
  total_byte_size: BigInt(rows * 16),
  num_rows: BigInt(rows),
});

describe('a footer', () => {
  it('lists every row group, however many, and counts their rows', () => {
    const footer = createFooter();
    const sizes: bigint[] = [];
    for (let groups = 0; groups <= 300; groups++) {
      if (groups > 0) footer.add(group(groups));
      if (groups > 0) sizes.push(BigInt(groups));
      if (![0, 1, 2, 14, 15, 16, 127, 128, 129, 300].includes(groups)) continue;
      const metadata = parquetMetadata(footer.bytes(null));
      expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual(sizes);
      expect(metadata.num_rows).toBe(BigInt((groups * (groups + 1)) / 2));
      expect(metadata.created_by).toBe('stickybench');
      expect(metadata.key_value_metadata).toEqual([{ key: 'stickybench.record', value: '1' }]);
      expect(metadata.schema.map(({ name }) => name)).toEqual(['exchanges', ...COLUMNS.map(({ name }) => name)]);
    }
  });
});
