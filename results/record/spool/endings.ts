// Numbers for how exchanges end, found by looking at how the same user's last one ended.

import type { Answered, Lost, Outcome, Refused } from '../../../model/entry.ts';
import type { Ending } from '../batch.ts';
import { createNumbering, type Numbering } from './numbering.ts';

export interface Endings extends Omit<Numbering<Ending>, 'add'> {
  numberOf(user: number, outcome: Outcome): number;
}

/** Users whose last ending is remembered; a prime number, as for bearers. */
const SEATS = 65_521;

/** Endings of one backend that are compared, the newest. A server that makes up something new each time cannot make the search long. */
const COMPARED = 16;

interface Known {
  readonly number: number;
  readonly answer: Answered;
}

export function createEndings(): Endings {
  const numbering = createNumbering<Ending>();
  const seats = new Int32Array(SEATS).fill(-1);
  const answers: (Answered | null)[] = [];
  const byBackend = new Map<string | null, Known[]>();
  const failures = new Map<string, number>();

  function search(answer: Answered): number {
    const alike = byBackend.get(answer.backend) ?? [];
    const known = alike.findLast((one, place) => place >= alike.length - COMPARED && endsLike(one.answer, answer));
    if (known !== undefined) return known.number;
    const number = numbering.add(endingOf(answer));
    byBackend.set(answer.backend, alike);
    alike.push({ number, answer });
    answers[number] = answer;
    return number;
  }

  function failed(outcome: Refused | Lost): number {
    const text = `${outcome.kind} ${outcome.reason}`;
    const known = failures.get(text);
    if (known !== undefined) return known;
    const number = numbering.add({ ...NO_ANSWER, outcome: outcome.kind, reason: outcome.reason });
    failures.set(text, number);
    answers[number] = null;
    return number;
  }

  return {
    numberOf(user, outcome) {
      if (outcome.kind !== 'answered') return failed(outcome);
      const seat = user % SEATS;
      const last = seats[seat] as number;
      const known = last < 0 ? null : (answers[last] ?? null);
      if (known !== null && endsLike(known, outcome)) return last;
      const number = search(outcome);
      seats[seat] = number;
      return number;
    },
    takeNew: numbering.takeNew,
    get count() {
      return numbering.count;
    },
    forget() {
      numbering.forget();
      seats.fill(-1);
      answers.length = 0;
      byBackend.clear();
      failures.clear();
    },
  };
}

const NO_ANSWER = { status: null, met: null, backend: null, path: null, deleted: null, created: null };

function endingOf({ status, met, backend, path, deleted, created }: Answered): Ending {
  return { outcome: 'answered', reason: null, status, met, backend, path, deleted, created };
}

function endsLike(known: Answered, answer: Answered): boolean {
  return (
    known.status === answer.status &&
    known.met === answer.met &&
    known.backend === answer.backend &&
    known.created === answer.created &&
    known.deleted === answer.deleted &&
    isPath(known.path, answer.path)
  );
}

function isPath(known: readonly string[], path: readonly string[]): boolean {
  if (known === path) return true;
  if (known.length !== path.length) return false;
  for (let place = 0; place < path.length; place++) if (known[place] !== path[place]) return false;
  return true;
}
