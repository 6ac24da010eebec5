// The course of one run: from the clock's start to the last answer.

import type { RunEnd } from '../model/report.ts';
import { type Micros, SECOND } from '../model/units.ts';
import { createAgenda } from './agenda.ts';
import { bringUsers } from './comers.ts';
import { createEnding, type Ending } from './ending.ts';
import { type Step as FaultStep, type Faults, scheduleFaults } from './faults.ts';
import { heal } from './heal.ts';
import { createJournal, type Journal } from './journal.ts';
import { phaseFinder } from './plan/timetable.ts';
import { pulseOf, schedulePulses } from './pulse.ts';
import type { Counts, Crew, Plan } from './users/crew.ts';
import type { Transport } from './wire.ts';
import type { Controls, Live, RunOptions, World } from './world.ts';

/** Beyond the timeouts of a request: how long a transport may take to notice them. */
const GRACE: Micros = SECOND;
/**
 * Resolves when the run is over, every job in flight has ended and faults on the user's own deployment are undone. When that takes too long,
 * or the run is interrupted while it lasts, it resolves all the same, and what is not undone has been noted.
 */
export async function conduct(world: World, plan: Plan, transport: Transport, options: RunOptions): Promise<RunEnd> {
  const { workload, signal, onStart, onEntry, injector } = options;
  const { clock, alarm } = world;
  const ending = createEnding();
  const counts: Counts = { users: 0, inFlight: 0, unstarted: 0 };
  const journal = createJournal(plan.slots, onEntry);
  const agenda = createAgenda(clock, alarm, ending.fail);
  const note = async (step: FaultStep): Promise<void> => journal.note({ ...step, at: journal.instant(clock()) });
  const faults = scheduleFaults({ agenda, note, clock, injector, faults: workload.faults, failed: ending.fail });
  const controls = controlsOf(journal, ending);
  const interrupt = (): void => controls.cut(clock());
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    await world.start(controls);
    const crew = crewOf({ plan, agenda, journal, transport, counts, clock, epoch: world.wallClock() }, ending);
    onStart(liveView(world, crew, faults));
    markPhases(crew, () => ending.begin('finished', plan.end));
    const people = bringUsers(crew, workload.users.count, world.shard);
    schedulePulses(crew, world, plan.end);
    if (ending.running()) agenda.run(0);
    const until = await ending.begun();
    agenda.stop();
    await drain(world, crew, workload.http.timeout + workload.http.connectTimeout, ending);
    counts.unstarted += people.owed(until);
    journal.note(pulseOf(journal.instant(clock()), counts, world));
    transport.close();
    await ending.unlessFailed(world.drained());
  } finally {
    agenda.stop();
    transport.close();
    await heal(alarm, faults, ending, signal.aborted);
    signal.removeEventListener('abort', interrupt);
  }
  return ending.result();
}

function controlsOf(journal: Journal, ending: Ending): Controls {
  const trying = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      ending.fail(error);
    }
  };
  return {
    hold: () => journal.hold(),
    mark: (mark) => trying(() => journal.admit(mark)),
    cut: (at) => trying(() => ending.begin('interrupted', journal.cut(at))),
  };
}

function crewOf(parts: Omit<Crew, 'phaseAt' | 'settled' | 'failed'>, ending: Ending): Crew {
  const { agenda, counts, plan } = parts;
  return {
    ...parts,
    phaseAt: phaseFinder(plan.slots),
    settled(at) {
      agenda.run(at);
      if (counts.inFlight === 0) ending.empty();
    },
    failed: ending.fail,
  };
}

/** Phase marks are handed over even while nothing else happens; after the last, `over` is called. */
function markPhases({ plan, agenda, journal }: Crew, over: () => void): void {
  const mark = { wake: (now: Micros) => void journal.instant(now) };
  for (const { begin } of plan.slots) agenda.sleep(mark, begin);
  const last = (now: Micros): void => {
    journal.instant(now);
    over();
  };
  agenda.sleep({ wake: last }, plan.end);
}

/**
 * Waits for the jobs in flight. A transport ends each by its timeouts; should it not, closing it must. An interruption, before or now, closes
 * it at once.
 */
async function drain({ alarm }: World, { counts, transport }: Crew, patience: Micros, ending: Ending): Promise<void> {
  if (counts.inFlight === 0) return;
  void ending.interrupted().then(() => transport.close());
  alarm.set(patience + GRACE, () => {
    transport.close();
    alarm.set(GRACE, () => ending.fail(new Error(`the transport never ended ${counts.inFlight} requests`)));
  });
  await ending.emptied();
  alarm.cancel();
}

function liveView({ clock }: World, { counts, plan, phaseAt }: Crew, faults: Faults): Live {
  return {
    get now() {
      return clock();
    },
    end: plan.end,
    get users() {
      return counts.users;
    },
    get inFlight() {
      return counts.inFlight;
    },
    get unstarted() {
      return counts.unstarted;
    },
    get phase() {
      return phaseAt(clock());
    },
    get nextFault() {
      return faults.next();
    },
  };
}
