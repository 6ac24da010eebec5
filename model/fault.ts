// Faults as the workload plans them, and the port through which the engine has them inflicted.

import type { Micros } from './units.ts';

/** `kill` is SIGKILL, `stop` SIGTERM, `pause` SIGSTOP, `restart` SIGTERM, and a start once it is gone. */
export type LabFaultKind = 'kill' | 'stop' | 'pause' | 'restart';

export type FaultAction =
  | { readonly kind: LabFaultKind; readonly target: string }
  /** A shell command that hurts the user's own deployment, and one that heals it (run when `for` is over). `target` names the backend hurt. */
  | { readonly kind: 'exec'; readonly target: string; readonly run: string; readonly undo: string | null }
  /** The same by HTTP requests. */
  | { readonly kind: 'http'; readonly target: string; readonly request: HttpCall; readonly undo: HttpCall | null };

export interface HttpCall {
  readonly method: string;
  readonly url: string;
}

export interface Fault {
  /** Micros since run start. */
  readonly at: Micros;
  /** How long it holds; null: until the run ends. A `restart` heals itself and has null. */
  readonly duration: Micros | null;
  readonly action: FaultAction;
}

/** Carries out faults. Both resolve to a line saying exactly what was done, and reject with a StickyError when it could not be done. */
export interface Injector {
  /** Resolves once the damage is done (the signal was sent, the process is gone). */
  inflict(fault: Fault): Promise<string>;
  /** Resolves once the target is seen to be ready again. */
  relieve(fault: Fault): Promise<string>;
}
