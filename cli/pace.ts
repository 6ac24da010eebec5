// The pace of a run: what the judges say so far, and what happened since it was last looked at.

import type { Fold } from '../analysis/all.ts';
import { findMeasure } from '../analysis/measures.ts';
import { requests } from '../analysis/requests.ts';
import { sessions } from '../analysis/sessions/sessions.ts';
import type { Live } from '../engine/world.ts';
import type { MeasureName } from '../model/catalogue.ts';
import { type Entry, felt } from '../model/entry.ts';
import type { Measure } from '../model/measure.ts';
import { SECOND } from '../model/units.ts';
import type { ProgressView } from '../results/progress.ts';

export interface Pace {
  /** Takes an entry for the rates of the moment. Costs an addition or two. */
  note(entry: Entry): void;
  /** The view now; the moment begins anew. */
  view(live: Live): ProgressView;
}

/** Latencies kept of one moment; beyond, the quantiles are those of the first so many. */
const MOST_SAMPLES = 100_000;

interface Moment {
  since: number;
  requests: number;
  felt: number[];
  backends: Map<string, number>;
}

export function createPace(judged: Fold): Pace {
  let moment = freshMoment(0);
  return {
    note(entry) {
      if (entry.kind !== 'exchange') return;
      moment.requests += 1;
      if (entry.outcome.kind === 'refused') return;
      if (moment.felt.length < MOST_SAMPLES) moment.felt.push(felt(entry));
      const backend = entry.outcome.kind === 'answered' ? entry.outcome.backend : null;
      if (backend !== null) moment.backends.set(backend, (moment.backends.get(backend) ?? 0) + 1);
    },
    view(live) {
      const view = viewOf(live, judged, moment);
      moment = freshMoment(live.now);
      for (const { name } of view.backends) moment.backends.set(name, 0);
      return view;
    },
  };
}

function freshMoment(since: number): Moment {
  return { since, requests: 0, felt: [], backends: new Map() };
}

function viewOf(live: Live, judged: Fold, moment: Moment): ProgressView {
  const { measures } = judged.finish([requests.name, sessions.name]);
  const { faults } = judged.timeline();
  const sorted = moment.felt.sort((a, b) => a - b);
  const quantile = (at: number) => sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? null;
  const span = Math.max(1, live.now - moment.since);
  const next = live.nextFault;
  return {
    phase: live.phase,
    elapsed: live.now,
    total: live.end,
    users: live.users,
    requestsPerSecond: (moment.requests * SECOND) / span,
    feltP50: quantile(0.5),
    feltP99: quantile(0.99),
    errors: (total(measures, 'requests.failed') ?? 0) + (total(measures, 'requests.unknown') ?? 0),
    affinity: total(measures, 'affinity.correctness'),
    losses: lossesOf(measures),
    backends: [...moment.backends].map(([name, requests]) => ({ name, requests })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    hurt: faults.filter(({ ended }) => ended === null).map(({ action, target }) => `${action} ${target}`.trim()),
    nextFault: next === null ? null : { text: next.text, in: next.at - live.now },
  };
}

/** Value of the measure without labels. */
function total(measures: readonly Measure[], name: MeasureName): number | null {
  return findMeasure(measures, name, {})?.value ?? null;
}

function lossesOf(measures: readonly Measure[]): Record<string, number> {
  const causes = measures.filter(({ name, labels }) => name === 'session.lost' && labels['cause'] !== undefined);
  return Object.fromEntries(causes.map(({ labels, value }) => [labels['cause'] ?? '', value ?? 0]));
}
