// The columns of exchanges.parquet: one for each field of an exchange and of its outcome.

import type { SchemaElement } from 'hyparquet';

/** What exchanges share: the request, who sent it with which session, and how it ended. */
export type WhatIsShared = 'title' | 'bearer' | 'ending';

/** Columns whose values come with something shared. */
export type SharedColumn =
  | 'phase'
  | 'method'
  | 'name'
  | 'op'
  | 'key'
  | 'egress'
  | 'session'
  | 'effective'
  | 'owner'
  | 'outcome'
  | 'reason'
  | 'status'
  | 'met'
  | 'backend'
  | 'path'
  | 'deleted'
  | 'created';

/** Columns of 32-bit integers that each exchange has for itself. */
type WholeColumn = 'user' | 'seq';

/** Columns of whole numbers up to 2^53 that each exchange has for itself. */
export type LongColumn = 'due' | 'asked' | 'sent' | 'done' | 'counter';

export type ColumnName = SharedColumn | WholeColumn | LongColumn | 'set';

/** What a column holds. `whole` is a 32-bit integer, `long` a whole number up to 2^53. */
type ColumnType = 'whole' | 'long' | 'text' | 'flag';

export type Column =
  | { readonly name: WholeColumn; readonly type: 'whole'; readonly nullable: false; readonly of: 'exchange' }
  | { readonly name: LongColumn; readonly type: 'long'; readonly nullable: boolean; readonly of: 'exchange' }
  | { readonly name: 'set'; readonly type: 'text'; readonly nullable: true; readonly of: 'exchange' }
  | { readonly name: SharedColumn; readonly type: Exclude<ColumnType, 'long'>; readonly nullable: boolean; readonly of: WhatIsShared };

/** Version of the layout, kept in the file's own metadata. Rises when a reader of the old layout would misread the new one. */
export const RECORD_VERSION = '1';

/** Key of the version among the file's metadata. */
export const VERSION_KEY = 'stickybench.record';

/**
 * In file order. Null where the outcome has no such field (a lost exchange has no status) or the model says null. `outcome` is the kind of
 * the outcome, `reason` that of a refused or lost one, `path` a JSON list of backend names.
 */
export const COLUMNS: readonly Column[] = [
  { name: 'user', type: 'whole', nullable: false, of: 'exchange' },
  { name: 'seq', type: 'whole', nullable: false, of: 'exchange' },
  { name: 'due', type: 'long', nullable: false, of: 'exchange' },
  { name: 'asked', type: 'long', nullable: false, of: 'exchange' },
  { name: 'sent', type: 'long', nullable: false, of: 'exchange' },
  { name: 'done', type: 'long', nullable: false, of: 'exchange' },
  { name: 'phase', type: 'text', nullable: false, of: 'title' },
  { name: 'egress', type: 'text', nullable: false, of: 'bearer' },
  { name: 'method', type: 'text', nullable: false, of: 'title' },
  { name: 'name', type: 'text', nullable: false, of: 'title' },
  { name: 'op', type: 'text', nullable: false, of: 'title' },
  { name: 'key', type: 'text', nullable: false, of: 'title' },
  { name: 'session', type: 'text', nullable: true, of: 'bearer' },
  { name: 'outcome', type: 'text', nullable: false, of: 'ending' },
  { name: 'reason', type: 'text', nullable: true, of: 'ending' },
  { name: 'status', type: 'whole', nullable: true, of: 'ending' },
  { name: 'met', type: 'flag', nullable: true, of: 'ending' },
  { name: 'backend', type: 'text', nullable: true, of: 'ending' },
  { name: 'path', type: 'text', nullable: true, of: 'ending' },
  { name: 'set', type: 'text', nullable: true, of: 'exchange' },
  { name: 'deleted', type: 'flag', nullable: true, of: 'ending' },
  { name: 'effective', type: 'text', nullable: true, of: 'bearer' },
  { name: 'created', type: 'flag', nullable: true, of: 'ending' },
  { name: 'owner', type: 'text', nullable: true, of: 'bearer' },
  { name: 'counter', type: 'long', nullable: true, of: 'exchange' },
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
