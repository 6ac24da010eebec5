// What the rows of one row group have in common, each thing once: the making of its dictionaries.

import type { Ending, Title } from '../batch.ts';
import type { SharedColumn } from '../columns.ts';

export interface Words {
  /** Every text of the group, in the order in which they came. One that several sources tell of their bearers stands here once for each. */
  readonly texts: readonly string[];
  /** By column, one value for each title, bearer or ending in the order of their numbers: the number of a text, a status, 0 or 1; -1 is null. */
  readonly values: Readonly<Record<SharedColumn, readonly number[]>>;
  addTitle(title: Title): number;
  addEnding(ending: Ending): number;
  /** A text of a bearer, or of a session that was set. */
  addText(text: string): number;
  /** A bearer by the numbers of its texts, -1 for null. */
  addBearer(egress: number, session: number, effective: number, owner: number): number;
}

export function createWords(): Words {
  const texts: string[] = [];
  const numbers = new Map<string, number>();
  const values = noValues();

  function text(of: string | null): number {
    if (of === null) return -1;
    const known = numbers.get(of);
    if (known !== undefined) return known;
    numbers.set(of, texts.length);
    return texts.push(of) - 1;
  }

  return {
    texts,
    values,
    addTitle({ phase, method, name, op, key }) {
      values.phase.push(text(phase));
      values.method.push(text(method));
      values.name.push(text(name));
      values.op.push(text(op));
      return values.key.push(text(key)) - 1;
    },
    addEnding({ outcome, reason, status, met, backend, path, deleted, created }) {
      values.outcome.push(text(outcome));
      values.reason.push(text(reason));
      values.status.push(status ?? -1);
      values.met.push(flag(met));
      values.backend.push(text(backend));
      values.path.push(text(path === null ? null : JSON.stringify(path)));
      values.deleted.push(flag(deleted));
      return values.created.push(flag(created)) - 1;
    },
    addText: (added) => texts.push(added) - 1,
    addBearer(egress, session, effective, owner) {
      values.egress.push(egress);
      values.session.push(session);
      values.effective.push(effective);
      return values.owner.push(owner) - 1;
    },
  };
}

function noValues(): Record<SharedColumn, number[]> {
  return {
    phase: [],
    method: [],
    name: [],
    op: [],
    key: [],
    egress: [],
    session: [],
    effective: [],
    owner: [],
    outcome: [],
    reason: [],
    status: [],
    met: [],
    backend: [],
    path: [],
    deleted: [],
    created: [],
  };
}

function flag(value: boolean | null): number {
  return value === null ? -1 : Number(value);
}
