// Leads the workers of one run: one start for all, faults in one order with their entries, one end.

import type { FaultEvent } from '../model/entry.ts';
import type { Injector } from '../model/fault.ts';
import type { RunEnd } from '../model/report.ts';
import type { Micros } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { createAgenda } from './agenda.ts';
import { type Alarm, systemAlarm } from './clock.ts';
import { createEnding } from './ending.ts';
import { type Faults, scheduleFaults } from './faults.ts';
import { heal } from './heal.ts';
import { clockFrom, machineTime } from './machine-clock.ts';
import { createMarks } from './marks.ts';
import { endOf, phaseFinder, timetable } from './plan/timetable.ts';
import { passed } from './start-line.ts';
import type { Counts } from './users/crew.ts';
import type { Clock } from './wire.ts';
import type { Live } from './world.ts';

/** A worker as its coordinator sees it. It is ready to start. */
export interface Remote {
  /** Has it start at this instant of the machine's clock. */
  start(at: Micros): void;
  /** Has its entries wait. Resolves to the instant of the last one it handed over; null when the worker is lost. */
  hold(): Promise<Micros | null>;
  /** Ends the hold, with a mark. */
  mark(mark: FaultEvent): void;
  /** Ends the hold, and the worker's load with it. */
  cut(at: Micros): void;
  /** Resolves when its load is over and nothing is in flight, or when it is lost. Rejects with what kept it from running. */
  readonly drained: Promise<void>;
  /** Its numbers as far as they are known here. */
  counts(): Counts;
}

export interface CoordinateOptions {
  readonly workload: Workload;
  readonly workers: readonly Remote[];
  readonly injector: Injector | null;
  /** Takes the steps of faults as they are stamped. */
  readonly onMark: (mark: FaultEvent) => void;
  /** Called once, as the clock starts. The numbers of users and requests are as old as what the workers have told. */
  readonly onStart: (live: Live) => void;
  /** As for a run in one worker. */
  readonly signal: AbortSignal;
}

/** What tells a coordinator the time. */
export interface Coordination {
  readonly clock: Clock;
  readonly alarm: Alarm;
  /** Starts the workers and resolves when the clock has just passed 0. */
  start(workers: readonly Remote[]): Promise<void>;
}

/** Long enough for the word to reach every worker on a busy machine, in microseconds. */
const NOTICE: Micros = 100_000;

/**
 * Leads workers through a run. Resolves when every worker has drained or is lost and faults on the user's own deployment are undone, as
 * `runWorkload` does; no mark comes after that. Rejects with what kept a worker from running. The workers are neither made nor ended here.
 */
export async function coordinate(options: CoordinateOptions): Promise<RunEnd> {
  const time = { clock: (): Micros => 0 };
  return coordinateIn(
    {
      clock: () => time.clock(),
      alarm: systemAlarm({ precise: false }),
      async start(workers) {
        const zero = machineTime() + NOTICE;
        time.clock = clockFrom(zero);
        for (const worker of workers) worker.start(zero);
        await passed(zero, machineTime);
      },
    },
    options,
  );
}

/** Leads workers by a given clock. */
export async function coordinateIn({ clock, alarm, start }: Coordination, options: CoordinateOptions): Promise<RunEnd> {
  const { workload, workers, injector, onMark, onStart, signal } = options;
  const end = endOf(timetable(workload.phases));
  const ending = createEnding();
  const agenda = createAgenda(clock, alarm, ending.fail);
  const marks = createMarks(workers, clock, onMark);
  const faults = scheduleFaults({ agenda, clock, injector, faults: workload.faults, note: marks.note, failed: ending.fail });
  const interrupt = (): void => {
    agenda.stop();
    ending.begin('interrupted', end);
    marks.cut().catch(ending.fail);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    if (signal.aborted) interrupt();
    agenda.sleep({ wake: () => void agenda.stop() }, end);
    await start(workers);
    onStart(liveView(clock, options, faults));
    agenda.run(0);
    await ending.unlessFailed(Promise.all(workers.map(({ drained }) => drained)));
  } catch (error) {
    // One could not go on: the others end their load too, before anything is undone.
    await marks.cut().catch(ending.fail);
    throw error;
  } finally {
    agenda.stop();
    await heal(alarm, faults, ending, signal.aborted);
    await marks.settled();
    signal.removeEventListener('abort', interrupt);
  }
  return ending.result();
}

function liveView(clock: Clock, { workload, workers }: CoordinateOptions, faults: Faults): Live {
  const slots = timetable(workload.phases);
  const phaseAt = phaseFinder(slots);
  const sum = (key: keyof Counts): number => workers.reduce((total, worker) => total + worker.counts()[key], 0);
  return {
    get now() {
      return clock();
    },
    end: endOf(slots),
    get users() {
      return sum('users');
    },
    get inFlight() {
      return sum('inFlight');
    },
    get unstarted() {
      return sum('unstarted');
    },
    get phase() {
      return phaseAt(clock());
    },
    get nextFault() {
      return faults.next();
    },
  };
}
