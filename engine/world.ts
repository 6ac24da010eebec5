// What a run is given: its options, and the world it acts in.

import type { Entry, FaultEvent } from '../model/entry.ts';
import type { Injector } from '../model/fault.ts';
import type { Shard } from '../model/shard.ts';
import type { Micros } from '../model/units.ts';
import type { Identify, Workload } from '../model/workload.ts';
import type { Alarm } from './clock.ts';
import type { Load } from './pulse.ts';
import type { Epoch } from './users/cookies.ts';
import type { Plan } from './users/crew.ts';
import type { Clock, Transport } from './wire.ts';

export interface RunOptions {
  readonly workload: Workload;
  /** Where to send the load: the lab's balancer, or the user's own target. */
  readonly url: string;
  /** How answers tell who gave them: the lab's word, or the workload's. */
  readonly identify: Identify;
  /** Carries out faults; null when nothing can, then every fault fails. */
  readonly injector: Injector | null;
  /** Send when it is due to the microsecond, and not to the millisecond: takes a core for itself (`systemAlarm`). */
  readonly precise: boolean;
  /**
   * Takes each entry, in the order of `instant(entry)`: an exchange when it is done, anything else when it happens. Called in the midst of
   * reading the answer, so it should be quick and must not wait.
   */
  readonly onEntry: (entry: Entry) => void;
  /** Called once, as the clock starts, with a view that stays up to date. */
  readonly onStart: (live: Live) => void;
  /**
   * Ends the run early: no request starts any more, those in flight end as `interrupted`, and faults are undone. An abort that comes while
   * faults are undone ends the wait for that too.
   */
  readonly signal: AbortSignal;
}

/** What a worker is given that brings only its share of the users. Faults and interruptions come from the coordinator. */
export interface ShardOptions extends Omit<RunOptions, 'injector' | 'signal'> {
  readonly shard: Shard;
  /** Secret that session ids are hashed with: the same for all workers of a run. */
  readonly key: Uint8Array;
  readonly coordinator: Coordinator;
}

/** Who leads the workers of a run, as one of them sees him. */
export interface Coordinator {
  /** This worker could start. Resolves to the instant at which all do, on the clock of the machine. Rejects when there is to be no run. */
  ready(controls: Controls): Promise<Micros>;
  /** This worker's load is over, and nothing is in flight. Resolves when no mark can come any more. */
  drained(): Promise<void>;
}

/** What may be asked of a run from outside, from its start on. Where one fails, the run does. */
export interface Controls {
  /** From now on entries wait. Returns the instant of the last one handed over: the mark must be later. */
  hold(): Micros;
  /** Puts a mark in its place among the entries that waited, and hands them all over. */
  mark(mark: FaultEvent): void;
  /** Ends the run early, at this instant: as an abort of `RunOptions.signal` does. */
  cut(at: Micros): void;
}

/** How the run is getting on. Reading it costs next to nothing. */
export interface Live {
  readonly now: Micros;
  /** End of the last phase. */
  readonly end: Micros;
  readonly users: number;
  readonly inFlight: number;
  readonly unstarted: number;
  /** Name of the phase that holds, or of the last one. */
  readonly phase: string;
  /** The fault that is still to begin, and when; null when there is none. */
  readonly nextFault: { readonly text: string; readonly at: Micros } | null;
}

/** The world a run acts in; tests bring one of their own. */
export interface World {
  /** Negative, or without a meaning, before the start. */
  readonly clock: Clock;
  /** Everything is ready. Resolves when the clock has just passed 0. */
  start(controls: Controls): Promise<void>;
  /** The load is over. Resolves when nothing can come from outside any more. */
  drained(): Promise<void>;
  /** Wall clock in milliseconds. */
  readonly wallClock: () => Epoch;
  readonly alarm: Alarm;
  readonly load: Load;
  /** Whose users are brought. */
  readonly shard: Shard;
  /** Secret that session ids are hashed with, so that records of different runs cannot be joined. */
  readonly key: Uint8Array;
  openTransport(plan: Plan): Promise<Transport>;
}
