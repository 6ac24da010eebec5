// The course of one run: from the clock's start to the last answer.

import type { RunEnd } from '../model/report.ts';
import { WHOLE } from '../model/shard.ts';
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
/**
 * How long the undoing of faults is waited for at the end of a run: longer than an injector takes for two steps of a minute each, because an
 * undo waits for the step under way.
 */
const HEALING: Micros = 150 * SECOND;

/**
 * Resolves when the run is over, every job in flight has ended and faults on the user's own deployment are undone. When that takes too long,
 * or the run is interrupted while it lasts, it resolves all the same, and what is not undone has been noted.
 */
export async function conduct(world: World, plan: Plan, transport: Transport, options: RunOptions): Promise<RunEnd> {
  const { workload, signal, onStart, onEntry } = options;
  const ending = createEnding();
  const counts: Counts = { users: 0, inFlight: 0, unstarted: 0 };
  const journal = createJournal(plan.slots, onEntry);
  const agenda = createAgenda(world.clock, world.alarm, ending.fail);
  const crew = crewOf({ plan, agenda, journal, transport, counts, clock: world.clock, epoch: world.wallClock() }, ending);
  const { injector } = options;
  const faults = scheduleFaults({ agenda, journal, clock: world.clock, injector, faults: workload.faults, failed: ending.fail });
  const interrupt = (): void => ending.begin('interrupted');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    world.startClock();
    onStart(liveView(world, crew, faults));
    markPhases(crew, () => ending.begin('finished'));
    bringUsers(crew, workload.users.count, WHOLE);
    schedulePulses(crew, world.load, plan.end);
    agenda.run(0);
    await ending.begun();
    const until = ending.result() === 'interrupted' ? journal.cut(world.clock()) : plan.end;
    counts.unstarted += owed(agenda.stop(), until);
    await drain(world, crew, workload.http.timeout + workload.http.connectTimeout, ending);
    // Those whose requests were in flight have been listed for their next one.
    counts.unstarted += owed(agenda.stop(), until);
    journal.note(pulseOf(journal.instant(world.clock()), counts, world.load));
  } finally {
    agenda.stop();
    transport.close();
    await heal(world, faults, ending, signal.aborted);
    signal.removeEventListener('abort', interrupt);
  }
  return ending.result();
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

function owed(waiting: readonly Sleeper[], until: Micros): number {
  return waiting.reduce((sum, sleeper) => sum + (sleeper instanceof User ? sleeper.owed(until) : 0), 0);
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

/** Waits until faults are undone. After an interruption that came `before`, only the time ends the wait: nobody can interrupt twice. */
async function heal({ alarm }: World, faults: Faults, ending: Ending, before: boolean): Promise<void> {
  const late = new Promise<string>((resolve) => {
    alarm.set(HEALING, () => resolve(`the undo was not over ${HEALING / SECOND} s after the run`));
  });
  const interrupted = ending.interrupted().then(() => 'the run was interrupted before the undo was over');
  await faults.end(before ? late : Promise.race([late, interrupted]));
  alarm.cancel();
}
