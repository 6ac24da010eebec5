// The shared session store: values under keys that live for a time.

export type StoreValue = string;

/** The operations, as in Redis: GET, SET NX PX, SET XX PX, PEXPIRE, RENAME, DEL. Times in milliseconds; a time of 0 or less never ends. */
export interface Store {
  get(key: string): StoreValue | null;
  /** Only where the key is not there yet. */
  insert(key: string, value: StoreValue, life: number): boolean;
  /** Only where the key is still there. */
  update(key: string, value: StoreValue, life: number): boolean;
  touch(key: string, life: number): boolean;
  rename(from: string, to: string): boolean;
  remove(key: string): boolean;
  /** Forgets what has expired, so that nobody's memory grows with the dead. */
  purge(): void;
}

interface Held {
  readonly value: StoreValue;
  /** When it ends, by `clock`. */
  readonly until: number;
}

/** `clock` in milliseconds. */
export function createStore(clock: () => number): Store {
  const held = new Map<string, Held>();
  const alive = (key: string): Held | null => {
    const found = held.get(key);
    return found !== undefined && clock() < found.until ? found : null;
  };
  const until = (life: number) => (life > 0 ? clock() + life : Number.POSITIVE_INFINITY);
  const put = (key: string, value: StoreValue, life: number) => {
    held.set(key, { value, until: until(life) });
    return true;
  };
  return {
    get: (key) => alive(key)?.value ?? null,
    insert: (key, value, life) => alive(key) === null && put(key, value, life),
    update: (key, value, life) => alive(key) !== null && put(key, value, life),
    touch(key, life) {
      const found = alive(key);
      return found !== null && put(key, found.value, life);
    },
    rename(from, to) {
      const found = alive(from);
      held.delete(from);
      if (found !== null) held.set(to, found);
      return found !== null;
    },
    remove(key) {
      const found = alive(key);
      held.delete(key);
      return found !== null;
    },
    purge() {
      for (const [key, { until: end }] of held) if (clock() >= end) held.delete(key);
    },
  };
}
