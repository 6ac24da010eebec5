// The course of one run: from the clock's start to the last answer.

import type { RunEnd } from '../model/report.ts';
import { type Micros, SECOND } from '../model/units.ts';
import { createAgenda, type Sleeper } from './agenda.ts';
import { bringUsers } from './comers.ts';
import { createEnding, type Ending } from './ending.ts';
import { type Faults, scheduleFaults } from './faults.ts';
import { createJournal } from './journal.ts';
import { pulseOf, schedulePulses } from './pulse.ts';
import type { Counts, Crew, Plan } from './users/crew.ts';
import { User } from './users/user.ts';
import type { Transport } from './wire.ts';
import type { Live, RunOptions, World } from './world.ts';

/** Beyond the timeouts of a request: how long a transport may take to notice them. */
const GRACE: Micros = SECOND;
/** How long the undoing of faults is waited for at the end of a run. */
const HEALING_MS = 30_000;

/** Resolves when the run is over, every job in flight has ended and faults on the user's own deployment are undone. */
export async function conduct(world: World, plan: Plan, transport: Transport, options: RunOptions): Promise<RunEnd> {
  const { workload, signal, onStart, onEntry } = options;
  const ending = createEnding();
  const counts: Counts = { users: 0, inFlight: 0, unstarted: 0 };
  const journal = createJournal(plan.slots, onEntry);
  const agenda = createAgenda(world.clock, world.alarm, ending.fail);
  const crew = crewOf({ plan, agenda, journal, transport, counts, epoch: world.wallClock() }, ending);
  const faults = scheduleFaults({ agenda, journal, clock: world.clock, injector: options.injector, faults: workload.faults });
  const interrupt = (): void => ending.begin('interrupted');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    world.startClock();
    onStart(liveView(world, crew, faults));
    markPhases(crew, () => ending.begin('finished'));
    bringUsers(crew, workload.users.count);
    schedulePulses(crew, world.load, plan.end);
    agenda.run(0);
    const ended = await ending.begun();
    counts.unstarted += overdue(agenda.stop(), plan.end);
    if (ended === 'interrupted') {
      journal.cut(world.clock());
      transport.close();
    }
    await drain(world, crew, workload.http.timeout + workload.http.connectTimeout, ending);
    journal.note(pulseOf(journal.instant(world.clock()), counts, world.load));
    return ended;
  } finally {
    signal.removeEventListener('abort', interrupt);
    agenda.stop();
    transport.close();
    await within(HEALING_MS, faults.end());
  }
}

function crewOf(parts: Omit<Crew, 'phaseAt' | 'settled' | 'failed'>, ending: Ending): Crew {
  const { agenda, counts, plan } = parts;
  return {
    ...parts,
    phaseAt: phaseFinder(plan),
    settled(at) {
      agenda.run(at);
      if (counts.inFlight === 0) ending.empty();
    },
    failed: ending.fail,
  };
}

/** Times come almost in order, so the phase found last is looked at first. */
function phaseFinder({ slots }: Plan): (time: Micros) => string {
  let found = slots[0];
  return (time) => {
    if (found === undefined || time < found.begin || time >= found.end) found = slots.find(({ end }) => time < end) ?? slots.at(-1);
    return found?.phase.name ?? '';
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

function overdue(waiting: readonly Sleeper[], end: Micros): number {
  return waiting.filter((sleeper) => sleeper instanceof User && sleeper.overdue(end)).length;
}

/** Waits for the jobs in flight. A transport ends each by its timeouts; should it not, closing it must. */
async function drain({ alarm }: World, { counts, transport }: Crew, patience: Micros, ending: Ending): Promise<void> {
  if (counts.inFlight === 0) return;
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

/** Waits for something that must not keep a run from ending. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
