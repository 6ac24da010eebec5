// Which lanes there are: one shared lane per exit, and per user and exit one of his own.

import { SHARED_LANE } from '../wire.ts';
import { Lane, type Stacked } from './lane.ts';

export class Lanes<Item extends Stacked<Item>> {
  readonly #ownLimit: number;
  readonly #shared = new Map<string, Lane<Item>>();
  /** By user, the first of his lanes: most have one exit for good. */
  readonly #own = new Map<number, Lane<Item>>();

  /** `ownLimit`: most connections in a lane of a user's own. */
  constructor(ownLimit: number) {
    this.#ownLimit = ownLimit;
  }

  /** The lane of an exit and a key; a new one when there is none. */
  find(exit: string, key: number): Lane<Item> {
    return key === SHARED_LANE ? this.#findShared(exit) : this.#findOwn(exit, key);
  }

  /** The lanes of one user. */
  ofUser(key: number): readonly Lane<Item>[] {
    const lanes: Lane<Item>[] = [];
    for (let lane = this.#own.get(key) ?? null; lane !== null; lane = lane.sibling) lanes.push(lane);
    return lanes;
  }

  /** Drops a lane. */
  forget(lane: Lane<Item>): void {
    if (lane.key === SHARED_LANE) {
      this.#shared.delete(lane.exit);
      return;
    }
    const first = this.#own.get(lane.key);
    if (first !== lane) {
      const before = this.ofUser(lane.key).find(({ sibling }) => sibling === lane);
      if (before !== undefined) before.sibling = lane.sibling;
    } else if (lane.sibling === null) {
      this.#own.delete(lane.key);
    } else {
      this.#own.set(lane.key, lane.sibling);
    }
  }

  /** Drops all lanes, and returns those that were there. */
  clear(): readonly Lane<Item>[] {
    const lanes = [...this.#shared.values(), ...[...this.#own.keys()].flatMap((key) => this.ofUser(key))];
    this.#shared.clear();
    this.#own.clear();
    return lanes;
  }

  #findShared(exit: string): Lane<Item> {
    const known = this.#shared.get(exit);
    if (known !== undefined) return known;
    const lane = new Lane<Item>(exit, SHARED_LANE, Number.POSITIVE_INFINITY, null);
    this.#shared.set(exit, lane);
    return lane;
  }

  #findOwn(exit: string, key: number): Lane<Item> {
    const first = this.#own.get(key) ?? null;
    for (let lane = first; lane !== null; lane = lane.sibling) if (lane.exit === exit) return lane;
    const lane = new Lane<Item>(exit, key, this.#ownLimit, first);
    this.#own.set(key, lane);
    return lane;
  }
}
