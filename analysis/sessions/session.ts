// A session as it is at one moment, for what happens seldom: losses, and telling of them.

import type { SessionTag } from '../../model/session.ts';
import { addressKey } from '../../model/strategy.ts';
import type { Micros } from '../../model/units.ts';
import { nameOf } from '../flat/names.ts';
import { egressOf, type Ledger, tagOf } from './ledger.ts';
import type { SessionRow } from './session-row.ts';

export interface Session {
  readonly tag: SessionTag;
  readonly home: string | null;
  /** key(ip) of the request that created it. */
  readonly key: string;
  readonly createdAt: Micros;
  readonly lastOk: Micros;
}

export function sessionOf(ledger: Ledger, row: SessionRow): Session {
  return {
    tag: tagOf(ledger, row),
    home: nameOf(ledger.backends, row.home),
    key: addressKey(egressOf(ledger, row)),
    createdAt: row.created,
    lastOk: row.ok,
  };
}
