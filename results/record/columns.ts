// The columns of exchanges.parquet: one for each field of an exchange and of its outcome.

import type { SchemaElement } from 'hyparquet';

export type ColumnName =
  | 'user'
  | 'seq'
  | 'due'
  | 'asked'
  | 'sent'
  | 'done'
  | 'phase'
  | 'egress'
  | 'method'
  | 'name'
  | 'op'
  | 'key'
  | 'session'
  | 'outcome'
  | 'reason'
  | 'status'
  | 'met'
  | 'backend'
  | 'path'
  | 'set'
  | 'deleted'
  | 'effective'
  | 'created'
  | 'owner'
  | 'counter';

/** What a column holds. `whole` is a 32-bit integer, `long` a whole number up to 2^53. */
type ColumnType = 'whole' | 'long' | 'text' | 'flag';

export interface Column {
  readonly name: ColumnName;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** Version of the layout, kept in the file's own metadata. Rises when a reader of the old layout would misread the new one. */
export const RECORD_VERSION = '1';

/** Key of the version among the file's metadata. */
export const VERSION_KEY = 'stickybench.record';

/**
 * In file order. Null where the outcome has no such field (a lost exchange has no status) or the model says null. `outcome` is the kind of
 * the outcome, `reason` that of a refused or lost one, `path` a JSON list of backend names.
 */
export const COLUMNS: readonly Column[] = [
  { name: 'user', type: 'whole', nullable: false },
  { name: 'seq', type: 'whole', nullable: false },
  { name: 'due', type: 'long', nullable: false },
  { name: 'asked', type: 'long', nullable: false },
  { name: 'sent', type: 'long', nullable: false },
  { name: 'done', type: 'long', nullable: false },
  { name: 'phase', type: 'text', nullable: false },
  { name: 'egress', type: 'text', nullable: false },
  { name: 'method', type: 'text', nullable: false },
  { name: 'name', type: 'text', nullable: false },
  { name: 'op', type: 'text', nullable: false },
  { name: 'key', type: 'text', nullable: false },
  { name: 'session', type: 'text', nullable: true },
  { name: 'outcome', type: 'text', nullable: false },
  { name: 'reason', type: 'text', nullable: true },
  { name: 'status', type: 'whole', nullable: true },
  { name: 'met', type: 'flag', nullable: true },
  { name: 'backend', type: 'text', nullable: true },
  { name: 'path', type: 'text', nullable: true },
  { name: 'set', type: 'text', nullable: true },
  { name: 'deleted', type: 'flag', nullable: true },
  { name: 'effective', type: 'text', nullable: true },
  { name: 'created', type: 'flag', nullable: true },
  { name: 'owner', type: 'text', nullable: true },
  { name: 'counter', type: 'long', nullable: true },
];

/** The column as Parquet's schema says it. */
export function schemaElement(column: Column): SchemaElement {
  const repetition_type = column.nullable ? 'OPTIONAL' : 'REQUIRED';
  switch (column.type) {
    case 'whole':
      return { name: column.name, type: 'INT32', repetition_type };
    case 'long':
      return { name: column.name, type: 'INT64', repetition_type };
    case 'flag':
      return { name: column.name, type: 'BOOLEAN', repetition_type };
    case 'text':
      return { name: column.name, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' }, repetition_type };
  }
}
