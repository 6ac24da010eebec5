// One session of one user, from the answer that made it: a row of the ledger, by the names of its numbers.

import type { Micros } from '../../model/units.ts';
import { Row } from '../flat/rows.ts';

/** Ints and times of a row. */
export const SESSION_INTS = 6;
export const SESSION_TIMES = 9;

const NEXT = 0;
const HOME = 1;
const FORMER_HOME = 2;
const FLAGS = 3;
const WRITES = 4;
const WAY = 5;

const SEEN = 0;
const OK = 1;
const ENDED = 2;
const ROTATION_SENT = 3;
const ROTATION_DONE = 4;
const CREATED = 5;
const MOVED = 6;
const BARE_CREATION = 7;
const TIMEOUT = 8;

/** The page shows its owner, so that a page without owner has lost it. */
export const OWNED = 1;
/** Made beside another one by concurrent requests that carried none. */
export const FORKED = 2;
export const LOST = 4;

/** A time that has not come. */
export const NEVER: Micros = -1;

export class SessionRow extends Row {
  /** The user's session before this one, or `NO_ROW`. */
  get next(): number {
    return this.ints[this.int + NEXT] as number;
  }
  set next(value: number) {
    this.ints[this.int + NEXT] = value;
  }

  /** home(r): the backend that holds it, by number; `NO_NAME` while no answer has told. */
  get home(): number {
    return this.ints[this.int + HOME] as number;
  }
  set home(value: number) {
    this.ints[this.int + HOME] = value;
  }

  /** Home before the last rename of the route. */
  get formerHome(): number {
    return this.ints[this.int + FORMER_HOME] as number;
  }
  set formerHome(value: number) {
    this.ints[this.int + FORMER_HOME] = value;
  }

  /** `OWNED`, `FORKED` and `LOST`, as far as they are so. */
  get flags(): number {
    return this.ints[this.int + FLAGS] as number;
  }
  set flags(value: number) {
    this.ints[this.int + FLAGS] = value;
  }

  /** List of its counters. */
  get writes(): number {
    return this.ints[this.int + WRITES] as number;
  }
  set writes(value: number) {
    this.ints[this.int + WRITES] = value;
  }

  /** Of the user, and kept with his latest session: see `way.ts`. */
  get way(): number {
    return this.ints[this.int + WAY] as number;
  }
  set way(value: number) {
    this.ints[this.int + WAY] = value;
  }

  /** Last time an answered request carried or received it. */
  get seen(): number {
    return this.times[this.time + SEEN] as number;
  }
  set seen(value: number) {
    this.times[this.time + SEEN] = value;
  }

  /** Last time an ok request carried or received it. */
  get ok(): number {
    return this.times[this.time + OK] as number;
  }
  set ok(value: number) {
    this.times[this.time + OK] = value;
  }

  /** When a logout of it was sent. */
  get ended(): number {
    return this.times[this.time + ENDED] as number;
  }
  set ended(value: number) {
    this.times[this.time + ENDED] = value;
  }

  /** When a login that changed its id was sent, and when it was answered. */
  get rotationSent(): number {
    return this.times[this.time + ROTATION_SENT] as number;
  }
  set rotationSent(value: number) {
    this.times[this.time + ROTATION_SENT] = value;
  }

  get rotationDone(): number {
    return this.times[this.time + ROTATION_DONE] as number;
  }
  set rotationDone(value: number) {
    this.times[this.time + ROTATION_DONE] = value;
  }

  get created(): number {
    return this.times[this.time + CREATED] as number;
  }
  set created(value: number) {
    this.times[this.time + CREATED] = value;
  }

  /** When the last rename of the route was seen. */
  get moved(): number {
    return this.times[this.time + MOVED] as number;
  }
  set moved(value: number) {
    this.times[this.time + MOVED] = value;
  }

  /** Of the user, and kept with his latest session: when the last creation by a request that carried no session was done. */
  get bareCreation(): number {
    return this.times[this.time + BARE_CREATION] as number;
  }
  set bareCreation(value: number) {
    this.times[this.time + BARE_CREATION] = value;
  }

  /** Of the user, likewise: when a request of his was last lost to a timeout. */
  get timeout(): number {
    return this.times[this.time + TIMEOUT] as number;
  }
  set timeout(value: number) {
    this.times[this.time + TIMEOUT] = value;
  }
}
