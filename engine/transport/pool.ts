// All connections, by exit and lane: reuses the one that was idle last, opens another, or lets the job wait.

import type { Connections } from '../../model/workload.ts';
import { type Clock, type Job, SHARED_LANE } from '../wire.ts';
import { Connection, type Harbour } from './connection.ts';
import type { Dialer } from './dial.ts';
import { Lane } from './lane.ts';
import type { NameTable } from './names.ts';
import type { TransportOptions } from './options.ts';
import { Scanner } from './scanner.ts';

/** The lanes of one exit. */
interface Exit {
  shared: Lane<Connection> | null;
  readonly own: Map<number, Lane<Connection>>;
}

/** A user's own lane: a browser opens six connections to a host (Chromium: kMaxSocketsPerGroup). */
const OWN_LIMIT: Readonly<Record<Connections, number>> = { per_exit: 1, per_user: 1, browser: 6 };

export class Pool implements Harbour {
  readonly clock: Clock;
  readonly dialer: Dialer;
  readonly timeout: number;
  readonly connectTimeout: number;
  readonly explain: (error: Error) => void;
  readonly #names: NameTable;
  readonly #options: TransportOptions;
  readonly #exits = new Map<string, Exit>();
  /** The lanes of each user who has his own, over all exits. */
  readonly #owned = new Map<number, Set<Lane<Connection>>>();
  readonly #connections = new Set<Connection>();
  #closed = false;

  constructor(options: TransportOptions, names: NameTable, dialer: Dialer, explain: (error: Error) => void) {
    this.clock = options.clock;
    this.timeout = options.timeout;
    this.connectTimeout = options.connectTimeout;
    this.dialer = dialer;
    this.explain = explain;
    this.#names = names;
    this.#options = options;
  }

  get open(): number {
    return this.#connections.size;
  }

  send(job: Job): void {
    if (this.#closed) {
      setImmediate(() => job.refused('interrupted', this.clock()));
      return;
    }
    const lane = this.#lane(job.exit, job.lane);
    const connection = lane.pop();
    if (connection !== null) connection.carry(job);
    else if (lane.open < lane.limit) this.#open(lane, job);
    else lane.waiting.push(job);
  }

  /** Closes the idle connections of a user's own lanes. */
  release(key: number): void {
    for (const lane of this.#owned.get(key) ?? []) {
      for (let idle = lane.pop(); idle !== null; idle = lane.pop()) idle.expire();
    }
  }

  idle(connection: Connection): void {
    const next = connection.lane.waiting.shift();
    if (next !== undefined) connection.carry(next);
    else connection.lane.push(connection);
  }

  left(connection: Connection): void {
    const { lane } = connection;
    lane.remove(connection);
    lane.open--;
    if (this.#closed) return;
    const next = lane.waiting.shift();
    if (next !== undefined) this.#open(lane, next);
    else if (lane.open === 0) this.#forget(lane);
  }

  gone(connection: Connection): void {
    this.#connections.delete(connection);
  }

  /** Ends what has lasted too long. To be called every now and then. */
  sweep(): void {
    const now = this.clock();
    for (const connection of this.#connections) {
      if (connection.deadline <= now) connection.expire();
    }
  }

  /** Ends everything now. Jobs in flight are lost, others refused, as `interrupted`, during the call. */
  close(): void {
    this.#closed = true;
    const waiting = [...this.#exits.values()].flatMap((exit) => [exit.shared, ...exit.own.values()]).flatMap((lane) => lane?.waiting ?? []);
    for (const connection of [...this.#connections]) connection.interrupt();
    for (const job of waiting) job.refused('interrupted', this.clock());
    this.#exits.clear();
    this.#owned.clear();
  }

  #open(lane: Lane<Connection>, job: Job): void {
    lane.open++;
    const { watched, maxBody } = this.#options;
    this.#connections.add(new Connection(this, lane, new Scanner(this.#names, watched.length, maxBody), job));
  }

  #lane(address: string, key: number): Lane<Connection> {
    let exit = this.#exits.get(address);
    if (exit === undefined) {
      exit = { shared: null, own: new Map() };
      this.#exits.set(address, exit);
    }
    if (key === SHARED_LANE) {
      exit.shared ??= new Lane<Connection>(address, key, Number.POSITIVE_INFINITY);
      return exit.shared;
    }
    let lane = exit.own.get(key);
    if (lane === undefined) {
      lane = new Lane<Connection>(address, key, OWN_LIMIT[this.#options.connections]);
      exit.own.set(key, lane);
      const owned = this.#owned.get(key);
      if (owned === undefined) this.#owned.set(key, new Set([lane]));
      else owned.add(lane);
    }
    return lane;
  }

  /** Drops a lane without connections, and an exit without lanes. */
  #forget(lane: Lane<Connection>): void {
    const exit = this.#exits.get(lane.exit);
    if (exit === undefined) return;
    if (exit.shared === lane) exit.shared = null;
    else this.#disown(exit, lane);
    if (exit.shared === null && exit.own.size === 0) this.#exits.delete(lane.exit);
  }

  #disown(exit: Exit, lane: Lane<Connection>): void {
    exit.own.delete(lane.key);
    const owned = this.#owned.get(lane.key);
    owned?.delete(lane);
    if (owned?.size === 0) this.#owned.delete(lane.key);
  }
}
