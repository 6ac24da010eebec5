// The pace of a run: what the judges say so far, and what happened since it was last looked at.

import type { Live } from '../engine/world.ts';
import type { FaultSummary } from '../model/report.ts';
import { type Micros, SECOND } from '../model/units.ts';
import type { ProgressView } from '../results/progress.ts';
import { quantileOf, type Tally } from './tally.ts';

export interface Pace {
  /** The view now; the moment begins anew. */
  view(live: Live): Promise<ProgressView>;
}

/** What a pace is made from: a tally of all workers since it was last asked for, and the faults so far. */
export interface Source {
  tally(): Promise<Tally>;
  faults(): readonly Pick<FaultSummary, 'action' | 'target' | 'ended'>[];
}

export function createPace(source: Source): Pace {
  let since: Micros = 0;
  return {
    async view(live) {
      const tally = await source.tally();
      const view = viewOf(live, tally, since, source.faults());
      since = live.now;
      return view;
    },
  };
}

function viewOf(live: Live, tally: Tally, since: Micros, faults: ReturnType<Source['faults']>): ProgressView {
  const { affinity } = tally;
  const { nextFault } = live;
  return {
    phase: live.phase,
    elapsed: live.now,
    total: live.end,
    users: live.users,
    requestsPerSecond: (tally.requests * SECOND) / Math.max(1, live.now - since),
    feltP50: quantileOf(tally.felt, 0.5),
    feltP99: quantileOf(tally.felt, 0.99),
    errors: tally.errors,
    affinity: affinity === null ? null : affinity.stayed / affinity.of,
    losses: Object.fromEntries(tally.losses),
    backends: [...tally.backends].map(([name, requests]) => ({ name, requests })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    hurt: faults.filter(({ ended }) => ended === null).map(({ action, target }) => `${action} ${target}`.trim()),
    nextFault: nextFault === null ? null : { text: nextFault.text, in: nextFault.at - live.now },
  };
}
