// Hands the entries over in the order of the timeline.

import type { Entry, PhaseMark } from '../model/entry.ts';
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
}

/** Phase marks stand at their planned times exactly: the one at 0 first, each end before the beginning that follows it. */
export function createJournal(slots: readonly Slot[], onEntry: (entry: Entry) => void): Journal {
  let marks = marksOf(slots);
  let next = marks[0]?.at ?? Number.POSITIVE_INFINITY;
  let last: Micros = 0;
  let open: PhaseMark | null = null;

  function passMarks(upTo: Micros): void {
    let passed = 0;
    for (const mark of marks) {
      if (mark.at > upTo) break;
      passed += 1;
      last = mark.at;
      open = mark.stage === 'began' ? mark : null;
      onEntry(mark);
    }
    marks = marks.slice(passed);
    next = marks[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  function instant(at: Micros): Micros {
    if (at >= next) passMarks(at);
    if (at > last) last = at;
    return last;
  }

  return {
    instant,
    note: onEntry,
    cut(at) {
      const when = instant(at);
      if (open !== null) onEntry({ ...open, at: when, stage: 'ended' });
      open = null;
      marks = [];
      next = Number.POSITIVE_INFINITY;
      return when;
    },
  };
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
