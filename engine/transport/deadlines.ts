// When each of many things has lasted too long: times in a row of numbers, so that looking at all of them touches none of the things.

import type { Micros } from '../../model/units.ts';

/** Something that ends when its time is up. */
export interface Mortal {
  expire(): void;
}

const FIRST_ROOM = 64;

export class Deadlines<Item extends Mortal> {
  /** How many things have a place. */
  size = 0;
  #times: Float64Array = new Float64Array(FIRST_ROOM);
  readonly #items: (Item | null)[] = [];
  readonly #vacant: number[] = [];

  /** Gives a thing its place, without a deadline. */
  add(item: Item): number {
    this.size++;
    const place = this.#vacant.pop() ?? this.#items.length;
    if (place === this.#times.length) this.#grow();
    this.#items[place] = item;
    this.#times[place] = Number.POSITIVE_INFINITY;
    return place;
  }

  set(place: number, at: Micros): void {
    this.#times[place] = at;
  }

  /** Takes a thing out; another may get its place. */
  remove(place: number): void {
    this.size--;
    this.#items[place] = null;
    this.#times[place] = Number.POSITIVE_INFINITY;
    this.#vacant.push(place);
  }

  /** Ends what has lasted up to `now` or longer. Whatever ends may bring in others, and the row may grow meanwhile. */
  sweep(now: Micros): void {
    for (let place = 0; place < this.#items.length; place++) {
      if ((this.#times[place] as number) <= now) this.#items[place]?.expire();
    }
  }

  /** Ends the first `count` of those that `may`, by their deadlines. Looks at all: not for every day. */
  hasten(count: number, may: (item: Item) => boolean): void {
    const times = this.#times;
    const candidates = this.#items.flatMap((item, place) => (item !== null && may(item) ? [place] : []));
    candidates.sort((one, other) => (times[one] as number) - (times[other] as number));
    for (const place of candidates.slice(0, count)) this.#items[place]?.expire();
  }

  /** All that have a place. */
  all(): readonly Item[] {
    return this.#items.filter((item) => item !== null);
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#times.length);
    larger.set(this.#times);
    this.#times = larger;
  }
}
