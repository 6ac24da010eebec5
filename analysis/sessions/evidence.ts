// Losses and violations told as sentences that a person can check against the record.

import type { Exchange } from '../../model/entry.ts';
import type { Evidence } from '../../model/measure.ts';
import { type FaultLog, windowAt } from '../fault-log.ts';
import { atSecond } from '../measures.ts';
import type { Evident, Explanation } from './loss.ts';
import type { Session } from './session.ts';

/** Sentences kept per kind: the earliest. */
const KEPT = 3;

/** Evidence by kind, each list the earliest of its kind in order of time and user. */
export type EvidenceShelf = Record<string, Evidence[]>;

export function keep(shelf: EvidenceShelf, kind: string, evidence: Evidence): void {
  const list = shelf[kind] ?? [];
  shelf[kind] = list;
  list.push(evidence);
  list.sort((a, b) => a.at - b.at || a.user - b.user);
  if (list.length > KEPT) list.pop();
}

/** Whether evidence of this kind at this time would still be among the earliest: telling it costs time. */
export function wanted(shelf: EvidenceShelf, kind: string, at: number): boolean {
  const list = shelf[kind];
  const last = list?.[KEPT - 1];
  return last === undefined || at <= last.at;
}

export function addShelves(into: EvidenceShelf, from: EvidenceShelf): void {
  for (const [kind, list] of Object.entries(from)) for (const evidence of list) keep(into, kind, evidence);
}

/** All of a shelf, by time. */
export function shelved(shelf: EvidenceShelf): readonly Evidence[] {
  return Object.values(shelf)
    .flat()
    .sort((a, b) => a.at - b.at || a.user - b.user || (a.text < b.text ? -1 : 1));
}

const SHOWN: Readonly<Record<Evident, string>> = {
  replaced: 'with a new session',
  're-created': 'with a new, empty session under the same id',
  deleted: 'with the session cookie deleted',
  reset: 'with the counter back at its start',
  ownerless: 'with a session that has no owner',
};

export function tellLoss(
  session: Session,
  exchange: Exchange,
  backend: string | null,
  evident: Evident,
  why: Explanation,
  faults: FaultLog,
): Evidence {
  const text =
    `${bearer(session, exchange)}; at ${atSecond(exchange.done)} ${exchange.name} was answered by ${backend ?? 'a backend unnamed'} ` +
    `${SHOWN[evident]}${because(session, exchange, backend, why, faults)}`;
  return { measure: 'session.lost', labels: { cause: why.cause }, user: exchange.user, at: exchange.done, text };
}

export function tellViolation(session: Session, exchange: Exchange, backend: string): Evidence {
  const text =
    `${bearer(session, exchange)}; at ${atSecond(exchange.done)} ${exchange.name} was answered by ${backend} ` +
    `although ${session.home ?? 'its home'} was up`;
  return { measure: 'affinity.violations', labels: {}, user: exchange.user, at: exchange.done, text };
}

function bearer(session: Session, exchange: Exchange): string {
  const born = session.home === null ? '' : ` on ${session.home}`;
  return `user ${exchange.user} carried session ${session.tag}, made${born} at ${atSecond(session.createdAt)}`;
}

function because(session: Session, exchange: Exchange, backend: string | null, { cause, fault }: Explanation, faults: FaultLog): string {
  const known = faults.find((one) => one.fault === fault);
  if (cause === 'failover' && known !== undefined) return `: ${known.target} was hurt (${known.action}) at ${atSecond(known.began)}`;
  if (cause === 'failback') return `: ${backend ?? 'the old home'} had come back`;
  if (cause === 'egress') return `: the request left by ${exchange.egress}, the session was made from ${session.key}`;
  if (cause !== 'spurious') return ` (${cause.replace('_', ' ')})`;
  if (windowAt(faults, exchange.done, 0) !== 'during') return ' although nothing was hurt';
  return session.home === null ? ' for no known reason' : ` although ${session.home} was up`;
}
