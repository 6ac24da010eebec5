// The block `phases`: the schedule, as stretches of closed or open load.

import type { z } from 'zod';
import type { Phase } from '../model/workload.ts';
import { count, label, level, positiveDuration, rate, step, yesNo } from './leaves.ts';
import { type Finding, finding, findingAtKey } from './problem.ts';
import { mapping, word } from './shapes.ts';

const staircaseShape = mapping('a staircase: from, step, each, count', {
  from: level.describe('Users (20) or arrivals (20/s) on the first stair.'),
  step: step.describe('How much each stair adds; negative goes down.'),
  each: positiveDuration.describe('Length of one stair.'),
  count: count(1, 1000).describe('Number of stairs.'),
});

const phaseShape = mapping(
  'a phase: name, duration, users or arrivalRate',
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
export { phaseShape };

/** Null for a phase that could not be read. */
type Drafts = readonly (PhaseDraft | null)[];

/** What is wrong between the phases, and between the keys of one. */
export function checkPhases(drafts: Drafts): Finding[] {
  return [
    ...drafts.flatMap((draft, index) => (draft === null ? [] : checkKeys(draft, index))),
    ...checkModel(drafts),
    ...checkNames(drafts),
  ];
}

/** The phases of drafts that `checkPhases` has nothing against. `users` is where a closed schedule begins. */
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

function stairsOf(draft: PhaseDraft, name: string, last: number) {
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

function nameOf(draft: PhaseDraft, index: number): string {
  return draft.name ?? `phase-${index + 1}`;
}

function isOpen(draft: PhaseDraft): boolean {
  const rates = [draft.rampTo, draft.staircase?.from, draft.staircase?.step];
  return draft.arrivalRate !== undefined || draft.arrivals !== undefined || rates.some((rate) => rate?.perSecond === true);
}

function checkKeys(draft: PhaseDraft, index: number): Finding[] {
  const path = ['phases', index];
  const found: Finding[] = [];
  if (draft.staircase === undefined && draft.duration === undefined) {
    found.push(finding(path, 'a phase with a duration, such as duration: 30s'));
  }
  if (draft.users !== undefined && draft.arrivalRate !== undefined) {
    found.push(findingAtKey([...path, 'arrivalRate'], 'either users or arrivalRate', ONE_MODEL));
  }
  if (draft.staircase === undefined) return found;
  for (const key of ['duration', 'users', 'arrivalRate', 'rampTo'] as const) {
    if (draft[key] !== undefined) found.push(findingAtKey([...path, key], 'only name, arrivals and warmup beside a staircase', STAIRS));
  }
  const { from, step, count } = draft.staircase;
  if (from.amount + (count - 1) * step.amount < 0) {
    found.push(finding([...path, 'staircase', 'step'], 'stairs that stay at 0 or above', `Stair ${count} would be below 0.`));
  }
  return found;
}

const STAIRS = 'from, step, each and count of the staircase say it all.';
const ONE_MODEL =
  'A closed run keeps a number of users (users), an open one lets sessions arrive at a rate (arrivalRate); write two files to see both.';

function checkModel(drafts: Drafts): Finding[] {
  const models = drafts.map((draft) => (draft === null ? null : isOpen(draft) ? 'open' : draft.users === undefined ? null : 'closed'));
  const model = models.find((known) => known !== null) ?? 'closed';
  const stranger = models.findIndex((known) => known !== null && known !== model);
  if (stranger >= 0) return [finding(['phases', stranger], `a phase of the ${model} model, as the phases before it`, ONE_MODEL)];
  const first = drafts[0] ?? null;
  if (model === 'open') {
    if (first === null || first.staircase !== undefined || first.arrivalRate !== undefined || first.rampTo !== undefined) return [];
    return [finding(['phases', 0], 'a first phase with arrivalRate or rampTo', 'Later phases go on where the last one ended.')];
  }
  return drafts.flatMap((draft, index) => (draft === null ? [] : checkWhole(draft, index)));
}

/** There are no half users. */
function checkWhole(draft: PhaseDraft, index: number): Finding[] {
  const expected = 'a whole number of users';
  const levels = [
    { path: ['rampTo'], amount: draft.rampTo?.amount },
    { path: ['staircase', 'from'], amount: draft.staircase?.from.amount },
    { path: ['staircase', 'step'], amount: draft.staircase?.step.amount },
  ];
  const broken = levels.filter(({ amount }) => amount !== undefined && !Number.isInteger(amount));
  return broken.map(({ path }) => finding(['phases', index, ...path], expected, 'For an arrival rate write the unit, as in 2.5/s.'));
}

function checkNames(drafts: Drafts): Finding[] {
  const found: Finding[] = [];
  const owners = new Map<string, number>();
  drafts.forEach((draft, index) => {
    if (draft === null) return;
    for (const { name } of stairsOf(draft, nameOf(draft, index), 0)) {
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, index);
      else if (owner !== index) {
        const at = draft.name === undefined ? ['phases', index] : ['phases', index, 'name'];
        found.push(finding(at, 'a name of its own for each phase', `phases[${owner}] is called ${name} already.`));
        break;
      }
    }
  });
  if (drafts.length > 0 && drafts.every((draft) => draft?.warmup === true)) {
    found.push(finding(['phases'], 'at least one phase that is not a warm-up', 'Warm-up phases are left out of the result.'));
  }
  return found;
}
