// Connections that may stand in for each other: those of one exit and one lane.

import type { Job } from '../wire.ts';

/** What lies idle in a lane knows its neighbours: leaving costs the same from any place. `below` was idle for longer. */
export interface Stacked<Item> {
  above: Item | null;
  below: Item | null;
}

export class Lane<Item extends Stacked<Item>> {
  readonly exit: string;
  readonly key: number;
  /** Most connections at one time. */
  readonly limit: number;
  /** The lane of the same key at another exit. */
  sibling: Lane<Item> | null;
  /** Connections that take jobs, now or when they are done. */
  open = 0;
  /** Jobs that wait for a connection, in order. Not empty only when `open` is at the limit. */
  readonly waiting: Job[] = [];
  #top: Item | null = null;

  constructor(exit: string, key: number, limit: number, sibling: Lane<Item> | null) {
    this.exit = exit;
    this.key = key;
    this.limit = limit;
    this.sibling = sibling;
  }

  /** Puts a connection on top of the idle ones. */
  push(connection: Item): void {
    connection.below = this.#top;
    if (this.#top !== null) this.#top.above = connection;
    this.#top = connection;
  }

  /** The connection that became idle last, or null. */
  pop(): Item | null {
    const top = this.#top;
    if (top === null) return null;
    this.#top = top.below;
    if (top.below !== null) top.below.above = null;
    top.below = null;
    return top;
  }

  /** Takes a connection out of the idle ones; one that is not among them is left alone. */
  remove(connection: Item): void {
    if (connection.above !== null) connection.above.below = connection.below;
    else if (this.#top === connection) this.#top = connection.below;
    if (connection.below !== null) connection.below.above = connection.above;
    connection.above = null;
    connection.below = null;
  }
}
