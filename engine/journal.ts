// Hands the entries over in the order of the timeline.

import { type Entry, type FaultEvent, instant as instantOf, type PhaseMark } from '../model/entry.ts';
import type { Micros } from '../model/units.ts';
import type { Slot } from './plan/timetable.ts';

export interface Journal {
  /**
   * The instant an entry seen at `at` takes: `at`, or the instant of the last entry where that is later, which happens when the clock was
   * read before something else was noted (by microseconds). Marks of phases that began or ended up to then are handed over first.
   */
  instant(at: Micros): Micros;
  /** Hands an entry over. Its instant must be the one just taken. */
  note(entry: Entry): void;
  /** Ends the phase that holds at `at`; no phase begins or ends after that. Returns the instant of the cut. */
  cut(at: Micros): Micros;
  /** From now on entries wait for a mark that others stamp. Returns the instant of the last one handed over. */
  hold(): Micros;
  /** Hands over what waits, with the mark in its place among it. The mark must be later than what `hold` returned. */
  admit(mark: FaultEvent): void;
}

/** What waits for a mark, and the instant of the last entry before. */
interface Held {
  readonly since: Micros;
  readonly entries: Entry[];
}

export function createJournal(slots: readonly Slot[], onEntry: (entry: Entry) => void): Journal {
  const phases = createPhases(slots, onEntry);
  let last: Micros = 0;
  let held: Held | null = null;

  function instant(at: Micros): Micros {
    if (at >= phases.next && held === null) last = phases.pass(at);
    if (at > last) last = at;
    return last;
  }

  function pass(entries: readonly Entry[]): void {
    for (const entry of entries) {
      instant(instantOf(entry));
      onEntry(entry);
    }
  }

  /** Ends the hold, if there is one, and calls `put` when all that was before `at` has been handed over. */
  function release(at: Micros, put: (when: Micros) => void): void {
    const { since, entries } = held ?? { since: last, entries: [] };
    const seen = last;
    held = null;
    last = since;
    const later = entries.findIndex((entry) => instantOf(entry) >= at);
    const place = later < 0 ? entries.length : later;
    pass(entries.slice(0, place));
    put(instant(at));
    pass(entries.slice(place));
    instant(seen);
  }

  return {
    instant,
    note(entry) {
      if (held === null) onEntry(entry);
      else held.entries.push(entry);
    },
    cut(at) {
      let placed = at;
      release(at, (when) => {
        placed = when;
        phases.end(when);
      });
      return placed;
    },
    hold() {
      held ??= { since: last, entries: [] };
      return held.since;
    },
    admit: (mark) => release(mark.at, () => onEntry(mark)),
  };
}

interface Phases {
  /** When the next mark stands. */
  readonly next: Micros;
  /** Hands over the marks up to a time that is not before `next`. Returns the instant of the last. */
  pass(upTo: Micros): Micros;
  /** Ends the phase that holds; nothing comes after it. */
  end(at: Micros): void;
}

/** Phase marks stand at their planned times exactly: the one at 0 first, each end before the beginning that follows it. */
function createPhases(slots: readonly Slot[], onEntry: (entry: Entry) => void): Phases {
  let marks = marksOf(slots);
  let open: PhaseMark | null = null;
  const phases = {
    next: firstOf(marks),
    pass(upTo: Micros): Micros {
      const due = marks.filter(({ at }) => at <= upTo);
      marks = marks.slice(due.length);
      for (const mark of due) {
        open = mark.stage === 'began' ? mark : null;
        onEntry(mark);
      }
      phases.next = firstOf(marks);
      return due.at(-1)?.at ?? upTo;
    },
    end(at: Micros): void {
      marks = [];
      phases.next = firstOf(marks);
      if (open !== null) onEntry({ ...open, at, stage: 'ended' });
      open = null;
    },
  };
  return phases;
}

function firstOf(marks: readonly PhaseMark[]): Micros {
  return marks[0]?.at ?? Number.POSITIVE_INFINITY;
}

function marksOf(slots: readonly Slot[]): readonly PhaseMark[] {
  return slots.flatMap(({ phase, begin, end }) => {
    const mark = { kind: 'phase', name: phase.name, warmup: phase.warmup } as const;
    return [
      { ...mark, at: begin, stage: 'began' },
      { ...mark, at: end, stage: 'ended' },
    ] as const;
  });
}
