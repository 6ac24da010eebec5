// The block `phases`: the schedule, as stretches of closed or open load.

import type { z } from 'zod';
import type { Micros } from '../../model/units.ts';
import type { Phase } from '../../model/workload.ts';
import { count, label, level, positiveDuration, rate, step, yesNo } from '../values/leaves.ts';
import { mapping, word } from '../values/shapes.ts';

const staircaseShape = mapping('a staircase such as { from: 20, step: 20, each: 10s, count: 5 }', {
  from: level.describe('Users (20) or arrivals (20/s) on the first stair.'),
  step: step.describe('How much each stair adds; negative goes down.'),
  each: positiveDuration.describe('Length of one stair.'),
  count: count(1, 1000).describe('Number of stairs.'),
});

export const phaseShape = mapping(
  'a phase such as { duration: 30s, users: 20 }',
  {
    name: label.optional().describe('Its name in reports and thresholds.'),
    duration: positiveDuration.optional().describe('How long it lasts.'),
    users: count(0, 100_000_000, 'users')
      .optional()
      .describe('Closed model: this many users. Left out, the phase begins where the last ended.'),
    arrivalRate: rate.optional().describe('Open model: sessions that arrive per second.'),
    rampTo: level.optional().describe('Where it ends, going evenly: users, or a rate such as 20/s.'),
    arrivals: word(['even', 'poisson']).optional().describe('Open model: evenly spaced (default) or Poisson.'),
    staircase: staircaseShape.optional().describe('Several phases of one level each, named `name-1`, `name-2` …'),
    warmup: yesNo.prefault(false).describe('Left out of affinity, latency and of thresholds that name no phase.'),
  },
  {
    arrivalCount: 'Say how many arrive per second with arrivalRate.',
    pause: 'A pause is a phase of users: 0, or of arrivalRate: 0/s.',
    maxVusers: 'users.count is the most users at one time.',
    target: 'Write rampTo.',
    stages: 'Write each stage as a phase with duration and rampTo.',
  },
);

export type PhaseDraft = z.output<typeof phaseShape>;

/** The phases of drafts that `readSchedule` has nothing against. `users` is where a closed schedule begins. */
export function resolvePhases(drafts: readonly PhaseDraft[], users: number): Phase[] {
  const open = drafts.some(isOpen);
  const phases: Phase[] = [];
  drafts.forEach((draft, index) => {
    const name = nameOf(draft, index);
    const last = phases.at(-1)?.to ?? (open || draft.rampTo !== undefined ? 0 : users);
    for (const stair of stairsOf(draft, name, last)) {
      const timing = { name: stair.name, duration: stair.duration, warmup: draft.warmup };
      if (open) phases.push({ ...timing, model: 'open', from: stair.from, to: stair.to, arrivals: draft.arrivals ?? 'even' });
      else phases.push({ ...timing, model: 'closed', from: stair.from, to: stair.to });
    }
  });
  return phases;
}

/** The most users, or arrivals per second, that any phase reaches. */
export function peak(phases: readonly Phase[]): number {
  return Math.max(...phases.map((phase) => Math.max(phase.from, phase.to)));
}

interface Stair {
  readonly name: string;
  readonly duration: Micros;
  readonly from: number;
  readonly to: number;
}

/** The one phase, or the several, that a draft stands for. `last` is where the phase before it ended. */
export function stairsOf(draft: PhaseDraft, name: string, last: number): Stair[] {
  const { staircase } = draft;
  if (staircase === undefined) {
    const from = draft.users ?? draft.arrivalRate ?? last;
    return [{ name, duration: draft.duration ?? 0, from, to: draft.rampTo?.amount ?? from }];
  }
  return Array.from({ length: staircase.count }, (_, index) => {
    const at = staircase.from.amount + index * staircase.step.amount;
    return { name: `${name}-${index + 1}`, duration: staircase.each, from: at, to: at };
  });
}

export function nameOf(draft: PhaseDraft, index: number): string {
  return draft.name ?? `phase-${index + 1}`;
}

/** Whether a phase says that sessions arrive at a rate. */
export function isOpen(draft: PhaseDraft): boolean {
  const rates = [draft.rampTo, draft.staircase?.from, draft.staircase?.step];
  return draft.arrivalRate !== undefined || draft.arrivals !== undefined || rates.some((rate) => rate?.perSecond === true);
}
