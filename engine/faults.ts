// Inflicts the planned faults at their times, relieves them, and notes each step.

import type { FaultEvent } from '../model/entry.ts';
import type { Fault, FaultAction, Injector } from '../model/fault.ts';
import { assertNever } from '../model/never.ts';
import type { Micros } from '../model/units.ts';
import type { Agenda } from './agenda.ts';
import { withoutSecrets } from './credentials.ts';
import type { Clock } from './wire.ts';

export interface Faults {
  /** The next one that has not begun, for the live view; null when there is none. */
  next(): { readonly text: string; readonly at: Micros } | null;
  /**
   * The run is over: nothing more is inflicted, and nothing noted but an undo that fails. Resolves when the user's own deployment is healed
   * again as far as the workload says how (`undo` of exec and http faults), or when `givenUp` resolves, to the reason: what is not undone by
   * then is noted as failed, with what is to be done by hand. Backends of a lab are left as they are: the lab is about to be stopped.
   */
  end(givenUp: Promise<string>): Promise<void>;
}

/** A step of a fault, before it has its instant. */
export type Step = Omit<FaultEvent, 'at'>;

export interface Stage {
  readonly agenda: Agenda;
  readonly clock: Clock;
  readonly injector: Injector | null;
  readonly faults: readonly Fault[];
  /** Gives a step its instant. Resolves when it stands before everything that is still to happen; rejects when that cannot be. */
  note(step: Step): Promise<void>;
  /** Something impossible happened while a fault was noted. */
  failed(error: unknown): void;
}

/** What a fault has come to. `hurt`: inflicted, or perhaps half inflicted, and not relieved. */
interface Case {
  readonly index: number;
  readonly fault: Fault;
  begun: boolean;
  hurt: boolean;
  /** Resolves when the step under way is over; never rejects. */
  step: Promise<void>;
}

/** Lists the faults on the agenda. A fault without an injector fails when its time comes. */
export function scheduleFaults(stage: Stage): Faults {
  const cases = stage.faults.map((fault, index): Case => ({ index, fault, begun: false, hurt: false, step: Promise.resolve() }));
  const run = { over: false };
  const waiting = [...cases].sort((one, other) => one.fault.at - other.fault.at);
  for (const each of waiting) stage.agenda.sleep({ wake: () => begin(stage, each, run) }, each.fault.at);
  return {
    next() {
      const coming = waiting.find(({ begun }) => !begun);
      return coming === undefined ? null : { text: named(coming.fault.action), at: coming.fault.at };
    },
    async end(givenUp) {
      run.over = true;
      await Promise.all(cases.map((each) => heal(stage, each, givenUp).catch(stage.failed)));
    },
  };
}

/** `kill tomcat01`, as the workload and the report call it. */
function named({ kind, target }: FaultAction): string {
  return target === '' ? kind : `${kind} ${target}`;
}

/** What is about to be done, in words. */
function planned(action: FaultAction): string {
  switch (action.kind) {
    case 'kill':
      return `SIGKILL ${action.target}`;
    case 'stop':
      return `SIGTERM ${action.target}`;
    case 'pause':
      return `SIGSTOP ${action.target}`;
    case 'restart':
      return `SIGTERM ${action.target}, and start it again`;
    case 'exec':
      return `exec ${action.run}`;
    case 'http':
      return `${action.request.method} ${withoutSecrets(action.request.url)}`;
    default:
      return assertNever(action);
  }
}

interface Run {
  over: boolean;
}

function begin(stage: Stage, each: Case, run: Run): void {
  each.begun = true;
  each.step = inflict(stage, each, run).catch(stage.failed);
}

/** `began` is noted before anything is done, so that nothing the fault causes can stand before it. */
async function inflict(stage: Stage, each: Case, run: Run): Promise<void> {
  const { injector, agenda, clock } = stage;
  const { fault } = each;
  await note(stage, each, run, 'began', planned(fault.action));
  if (injector === null) return note(stage, each, run, 'failed', 'nothing here can inflict faults');
  each.hurt = true;
  const result = await attempt(() => injector.inflict(fault));
  if (!result.done) return note(stage, each, run, 'failed', result.text);
  const duration = fault.action.kind === 'restart' ? 0 : fault.duration;
  if (run.over || duration === null) return;
  const relieveAt = Math.max(clock(), fault.at + duration);
  agenda.sleep({ wake: () => recover(stage, each, run, injector, result.text) }, relieveAt);
  agenda.run(clock());
}

function recover(stage: Stage, each: Case, run: Run, injector: Injector, done: string): void {
  each.step = relieve(stage, each, run, injector, done).catch(stage.failed);
}

/** `ending` is noted before recovery is asked for, so that nothing a node does when it is back can stand before it. */
async function relieve(stage: Stage, each: Case, run: Run, injector: Injector, inflicted: string): Promise<void> {
  await note(stage, each, run, 'ending', inflicted);
  const result = await attempt(() => injector.relieve(each.fault));
  each.hurt = !result.done;
  await note(stage, each, run, result.done ? 'ended' : 'failed', result.text);
}

/**
 * Waits for the step under way and undoes what is left, on the user's own deployment only. An inflict that failed may have hurt by half, and
 * an undo that is under way when it is given up may or may not come to its end.
 */
async function heal(stage: Stage, each: Case, givenUp: Promise<string>): Promise<void> {
  const { fault, step } = each;
  const undo = undoOf(fault.action);
  if (undo === null) return;
  let late = false;
  const healing = step.then(async (): Promise<Result> => {
    const { injector } = stage;
    return !each.hurt || late || injector === null ? NOTHING_LEFT : attempt(() => injector.relieve(fault));
  });
  const giving = givenUp.then((why): Result => {
    late = true;
    return { done: false, text: `${why}; by hand: ${undo}` };
  });
  const result = await Promise.race([healing, giving]);
  if (!result.done) await note(stage, each, { over: false }, 'failed', result.text);
}

/** What the workload says to do on the user's own deployment, in words; null when there is nothing. */
function undoOf(action: FaultAction): string | null {
  if (action.kind === 'exec') return action.undo;
  if (action.kind !== 'http' || action.undo === null) return null;
  return `${action.undo.method} ${withoutSecrets(action.undo.url)}`;
}

interface Result {
  readonly done: boolean;
  /** What was done, or why it was not. */
  readonly text: string;
}

const NOTHING_LEFT: Result = { done: true, text: '' };

/** An injector's step, as data. */
async function attempt(step: () => Promise<string>): Promise<Result> {
  try {
    return { done: true, text: await step() };
  } catch (error) {
    return { done: false, text: reasonOf(error) };
  }
}

async function note(stage: Stage, { index, fault }: Case, run: Run, reached: FaultEvent['stage'], detail: string): Promise<void> {
  if (run.over) return;
  const { kind, target } = fault.action;
  await stage.note({ kind: 'fault', fault: index, action: kind, target, stage: reached, detail });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
