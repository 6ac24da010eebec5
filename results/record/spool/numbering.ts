// Numbers for things in the order in which they came, and which of them are new.

export interface Numbering<Thing> {
  /** The next number is the thing's. */
  add(thing: Thing): number;
  /** Things added since the last call. */
  takeNew(): readonly Thing[];
  /** How many there are. */
  readonly count: number;
  /** Numbers begin anew. What is new must have been taken. */
  forget(): void;
}

export function createNumbering<Thing>(): Numbering<Thing> {
  let fresh: Thing[] = [];
  let count = 0;
  return {
    add(thing) {
      fresh.push(thing);
      return count++;
    },
    takeNew() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
    get count() {
      return count;
    },
    forget() {
      count = 0;
    },
  };
}
