// Faults and phases, which every source tells, each of them told once.

import type { Mark } from '../events.ts';

export interface SharedMarks {
  /** Whether this is the first time that any source tells of it. */
  isFirst(source: number, mark: Mark): boolean;
}

/**
 * All sources see the same faults and phases in the same order, so the n-th of one is the n-th of any other. A heartbeat is each source's
 * own. Throws when sources do not agree.
 */
export function createSharedMarks(sources: number): SharedMarks {
  const seen = new Array<number>(sources).fill(0);
  const told: string[] = [];
  return {
    isFirst(source, mark) {
      if (mark.kind === 'pulse') return true;
      const number = seen[source] ?? 0;
      seen[source] = number + 1;
      const what = mark.kind === 'fault' ? `fault ${mark.fault} ${mark.stage}` : `phase ${mark.name} ${mark.stage}`;
      const before = told[number];
      if (before === undefined) told[number] = what;
      else if (before !== what) throw new Error(`source ${source} tells "${what}" where another told "${before}"`);
      return before === undefined;
    },
  };
}
