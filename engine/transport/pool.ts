// All connections, by exit and lane: reuses the one that was idle last, opens another, or lets the job wait.

import type { Connections } from '../../model/workload.ts';
import type { Clock, Job } from '../wire.ts';
import { Connection, type Harbour } from './connection.ts';
import { Deadlines } from './deadlines.ts';
import type { Dialer } from './dial.ts';
import type { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';
import type { TransportOptions } from './options.ts';
import type { Readers } from './readers.ts';

/** A user's own lane: a browser opens six connections to a host (Chromium: kMaxSocketsPerGroup). */
const OWN_LIMIT: Readonly<Record<Connections, number>> = { per_exit: 1, per_user: 1, browser: 6 };
/** When the machine's limit is reached, the part of the connections that must make way at one go. */
const MAKE_WAY = 1 / 32;

export class Pool implements Harbour {
  readonly clock: Clock;
  readonly dialer: Dialer;
  readonly timeout: number;
  readonly connectTimeout: number;
  readonly readers: Readers;
  readonly deadlines = new Deadlines<Connection>();
  readonly explain: (error: Error) => void;
  readonly #lanes: Lanes<Connection>;
  readonly #most: number;
  #closed = false;

  constructor(options: TransportOptions, readers: Readers, dialer: Dialer, explain: (error: Error) => void) {
    this.clock = options.clock;
    this.timeout = options.timeout;
    this.connectTimeout = options.connectTimeout;
    this.dialer = dialer;
    this.readers = readers;
    this.explain = explain;
    this.#lanes = new Lanes(OWN_LIMIT[options.connections]);
    this.#most = options.most;
  }

  get open(): number {
    return this.deadlines.size;
  }

  send(job: Job): void {
    if (this.#closed) {
      setImmediate(() => job.refused('interrupted', this.clock()));
      return;
    }
    const lane = this.#lanes.find(job.exit, job.lane);
    const connection = lane.pop();
    if (connection !== null) connection.carry(job);
    else if (lane.open < lane.limit) this.#open(lane, job);
    else lane.waiting.push(job);
  }

  /** Closes the idle connections of a user's own lanes. */
  release(key: number): void {
    for (const lane of this.#lanes.ofUser(key)) {
      for (let idle = lane.pop(); idle !== null; idle = lane.pop()) idle.expire();
    }
  }

  idle(connection: Connection): void {
    const { lane } = connection;
    const next = lane.waiting.length === 0 ? undefined : lane.waiting.shift();
    if (next !== undefined) connection.carry(next);
    else lane.push(connection);
  }

  left(connection: Connection): void {
    const { lane } = connection;
    lane.remove(connection);
    lane.open--;
    if (this.#closed) return;
    const next = lane.waiting.shift();
    if (next !== undefined) this.#open(lane, next);
    else if (lane.open === 0) this.#lanes.forget(lane);
  }

  /** Ends what has lasted too long. To be called every now and then. */
  sweep(): void {
    this.deadlines.sweep(this.clock());
  }

  /** Ends everything now. Jobs in flight are lost, others refused, as `interrupted`, during the call. */
  close(): void {
    this.#closed = true;
    const waiting = this.#lanes.clear().flatMap((lane) => lane.waiting);
    for (const connection of this.deadlines.all()) connection.interrupt();
    for (const job of waiting) job.refused('interrupted', this.clock());
  }

  #open(lane: Lane<Connection>, job: Job): void {
    if (this.deadlines.size >= this.#most) this.deadlines.hasten(Math.ceil(this.#most * MAKE_WAY), ({ idle }) => idle);
    lane.open++;
    new Connection(this, lane, job);
  }
}
