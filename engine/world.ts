// What a run is given: its options, and the world it acts in.

import type { Entry } from '../model/entry.ts';
import type { Injector } from '../model/fault.ts';
import type { Micros } from '../model/units.ts';
import type { Identify, Workload } from '../model/workload.ts';
import type { Alarm } from './clock.ts';
import type { Load } from './pulse.ts';
import type { Plan } from './users/crew.ts';
import type { Epoch } from './users/wallet.ts';
import type { Clock, Transport } from './wire.ts';

export interface RunOptions {
  readonly workload: Workload;
  /** Where to send the load: the lab's balancer, or the user's own target. */
  readonly url: string;
  /** How answers tell who gave them: the lab's word, or the workload's. */
  readonly identify: Identify;
  /** Carries out faults; null when nothing can, then every fault fails. */
  readonly injector: Injector | null;
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
  /** A clock, and what sets it to 0. */
  readonly clock: Clock;
  readonly startClock: () => void;
  /** Wall clock in milliseconds. */
  readonly wallClock: () => Epoch;
  readonly alarm: Alarm;
  readonly load: Load;
  /** Secret that session ids are hashed with, so that records of different runs cannot be joined. */
  readonly key: Uint8Array;
  openTransport(plan: Plan): Promise<Transport>;
}
