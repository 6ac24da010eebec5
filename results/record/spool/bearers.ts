// Numbers for who sends and with which session, found by looking at what the same user had last.

import type { SessionTag } from '../../../model/session.ts';
import { createNumbering } from './numbering.ts';

export interface Bearers {
  numberOf(user: number, egress: string, session: SessionTag | null, effective: SessionTag | null, owner: string | null): number;
  /** Number of the text of a session that an answer to the user has set, or -1. His bearer must have been asked for. */
  setNumberOf(user: number, set: SessionTag | null): number;
  /** Texts told since the last call, and bearers: four numbers of texts each. */
  takeNewTexts(): readonly string[];
  takeNew(): readonly number[];
  /** Grows with what is known. */
  readonly count: number;
  forget(): void;
}

/**
 * Users remembered. Each has a seat, found by his number; where several share one, they unseat each other and are told anew each time,
 * which costs a microsecond and no more. A prime number, so that the users of one shard (each n-th number) take all the seats.
 */
const SEATS = 65_521;

/** At a seat are the texts of the last exchange of whoever sits there: side by side in one array, because a seat is a miss of the cache. */
const TEXTS = 4;
const EGRESS = 0;
const SESSION = 1;
const EFFECTIVE = 2;
const OWNER = 3;

export function createBearers(): Bearers {
  const texts = createTexts();
  const { seats } = texts;
  const bearers = new Int32Array(SEATS).fill(-1);
  let fresh: number[] = [];
  let count = 0;

  function file(at: number, egress: string, session: string | null, effective: string | null, owner: string | null): void {
    const carried = session === effective ? texts.own(at + EFFECTIVE, session) : texts.own(at + SESSION, session, at + EFFECTIVE);
    const shown = session === effective ? carried : texts.own(at + EFFECTIVE, effective);
    const nonce = texts.own(at + OWNER, owner);
    const exit = texts.shared(egress);
    fresh.push(exit, carried, shown, nonce);
    texts.seat(at + EGRESS, egress, exit);
    texts.seat(at + SESSION, session, carried);
    texts.seat(at + EFFECTIVE, effective, shown);
    texts.seat(at + OWNER, owner, nonce);
  }

  return {
    numberOf(user, egress, session, effective, owner) {
      const seat = user % SEATS;
      const at = seat * TEXTS;
      const known = bearers[seat] as number;
      const same =
        known >= 0 &&
        seats[at + SESSION] === session &&
        seats[at + EFFECTIVE] === effective &&
        seats[at + OWNER] === owner &&
        seats[at + EGRESS] === egress;
      if (same) return known;
      file(at, egress, session, effective, owner);
      bearers[seat] = count;
      return count++;
    },
    setNumberOf: (user, set) => (set === null ? -1 : texts.own((user % SEATS) * TEXTS + EFFECTIVE, set)),
    takeNewTexts: texts.takeNew,
    takeNew() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
    get count() {
      return Math.max(count, texts.count / TEXTS);
    },
    forget() {
      texts.forget();
      bearers.fill(-1);
      count = 0;
    },
  };
}

/** The texts at the seats with their numbers, and those that belong to no seat. */
function createTexts() {
  const numbering = createNumbering<string>();
  const seats = new Array<string | null>(SEATS * TEXTS).fill(null);
  const numbers = new Int32Array(SEATS * TEXTS).fill(-1);
  const exits = new Map<string, number>();
  return {
    seats,
    /** The number of a text, that of the same text at one of the places if it is there. */
    own(place: number, text: string | null, other: number = place): number {
      if (text === null) return -1;
      if (seats[place] === text) return numbers[place] as number;
      return seats[other] === text ? (numbers[other] as number) : numbering.add(text);
    },
    /** The number of a text that many users have. */
    shared(text: string): number {
      const known = exits.get(text) ?? numbering.add(text);
      exits.set(text, known);
      return known;
    },
    seat(place: number, text: string | null, number: number): void {
      seats[place] = text;
      numbers[place] = number;
    },
    takeNew: numbering.takeNew,
    get count() {
      return numbering.count;
    },
    forget() {
      numbering.forget();
      seats.fill(null);
      exits.clear();
    },
  };
}
