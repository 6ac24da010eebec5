// TLS sessions to resume. Each lane has its own, as each browser has: a newcomer's first connection costs the server a whole handshake.

/** Whose connections resume each other's sessions: those of one lane at one exit. */
export interface Owner {
  readonly exit: string;
  readonly key: number;
}

export class Sessions {
  readonly #room: number;
  /** By owner, those used longest ago first. */
  readonly #latest = new Map<string, Buffer>();

  /** `room`: owners remembered at one time. */
  constructor(room: number) {
    this.#room = room;
  }

  /** The latest session of the owner; undefined when there is none. */
  of({ exit, key }: Owner): Buffer | undefined {
    return this.#latest.get(`${exit} ${key}`);
  }

  keep({ exit, key }: Owner, session: Buffer): void {
    const name = `${exit} ${key}`;
    this.#latest.delete(name);
    this.#latest.set(name, session);
    if (this.#latest.size <= this.#room) return;
    const [oldest] = this.#latest.keys();
    if (oldest !== undefined) this.#latest.delete(oldest);
  }
}
