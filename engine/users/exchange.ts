// What the record says of a request that is over.

import type { Exchange, Outcome } from '../../model/entry.ts';
import type { Micros } from '../../model/units.ts';
import type { Carried } from './cookies.ts';
import type { Title } from './request.ts';

/** The request as its user sent it. */
export interface Attempt {
  /** Number of the user. */
  readonly number: number;
  readonly seq: number;
  readonly askedAt: Micros;
  readonly sentAt: Micros;
  /** Source address. */
  readonly exit: string;
  readonly carried: Carried;
}

/** Every field in one place, because entries that are all made alike are quick to read. */
export function exchangeOf(attempt: Attempt, title: Title, due: Micros, done: Micros, phase: string, outcome: Outcome): Exchange {
  return {
    kind: 'exchange',
    user: attempt.number,
    seq: attempt.seq,
    due,
    asked: attempt.askedAt,
    sent: attempt.sentAt,
    done,
    phase,
    egress: attempt.exit,
    method: title.method,
    name: title.name,
    op: title.op,
    key: title.key,
    session: attempt.carried.tag,
    outcome,
  };
}
