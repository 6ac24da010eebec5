// What is wrong with the phases as a schedule, and what the rest of the file may know of it.

import type { Micros } from '../../model/units.ts';
import { isOpen, nameOf, type PhaseDraft, peak, phaseShape, resolvePhases, stairsOf } from '../blocks/phases.ts';
import { type Finding, finding, findingAtKey } from './problem.ts';
import { type Salvage, salvage } from './salvage.ts';

export interface Schedule {
  readonly findings: readonly Finding[];
  /** Null where a mistake hides a name. */
  readonly names: readonly string[] | null;
  /** Length of all phases; null where a mistake hides it. */
  readonly length: Micros | null;
  /** Whether sessions arrive at a rate; null where a mistake hides it. */
  readonly open: boolean | null;
}

/** Null for a phase that could not be read at all. */
type Drafts = readonly (Salvage<PhaseDraft> | null)[];

/** Reads `phases` as written. `users` is where a closed schedule begins. */
export function readSchedule(raw: unknown, users: number): Schedule {
  const drafts: Drafts = Array.isArray(raw) ? raw.map((phase: unknown) => salvage(phaseShape, phase)) : [];
  const read = drafts.filter((phase) => phase !== null);
  const findings = [
    ...drafts.flatMap((phase, index) => (phase === null ? [] : checkKeys(phase, index))),
    ...checkModel(drafts),
    ...checkNames(drafts),
  ];
  const whole = read.length === drafts.length && read.length > 0;
  const isSound = whole && read.every(({ broken }) => broken.length === 0);
  const namesKnown = whole && read.every(({ broken }) => !broken.includes('name') && !broken.includes('staircase'));
  const names = namesKnown ? namesOf(read.map(({ draft }) => draft)) : null;
  const open = read.some(({ draft }) => isOpen(draft)) || (isSound ? false : null);
  if (!isSound || findings.length > 0) return { findings, names, length: null, open };
  const phases = resolvePhases(
    read.map(({ draft }) => draft),
    users,
  );
  const length = phases.reduce((sum, { duration }) => sum + duration, 0);
  if (peak(phases) > 0) return { findings, names, length, open };
  const nobody = finding(['phases'], `a phase with ${open ? 'arrivalRate' : 'users'} or rampTo above 0`, 'Nobody would come.');
  return { findings: [nobody], names, length, open };
}

function namesOf(drafts: readonly PhaseDraft[]): string[] {
  const names = drafts.flatMap((draft, index) => stairsOf(draft, nameOf(draft, index), 0).map(({ name }) => name));
  return [...new Set(names)];
}

const ONE_MODEL =
  'A closed run keeps a number of users (users), an open one lets sessions arrive at a rate (arrivalRate); write two files to see both.';

function checkKeys({ draft, broken }: Salvage<PhaseDraft>, index: number): Finding[] {
  const path = ['phases', index];
  const found: Finding[] = [];
  const timed =
    draft.duration !== undefined || broken.includes('duration') || draft.staircase !== undefined || broken.includes('staircase');
  if (!timed) found.push(finding(path, 'a phase with a duration, such as duration: 30s'));
  if (draft.users !== undefined && draft.arrivalRate !== undefined) {
    found.push(findingAtKey([...path, 'arrivalRate'], 'either users or arrivalRate', ONE_MODEL));
  }
  return draft.staircase === undefined ? found : [...found, ...checkStaircase(draft, draft.staircase, path)];
}

function checkStaircase(
  draft: PhaseDraft,
  { from, step, count }: NonNullable<PhaseDraft['staircase']>,
  path: readonly PropertyKey[],
): Finding[] {
  const found: Finding[] = [];
  for (const key of ['duration', 'users', 'arrivalRate', 'rampTo'] as const) {
    if (draft[key] === undefined) continue;
    const hint = 'from, step, each and count of the staircase say it all.';
    found.push(findingAtKey([...path, key], 'beside a staircase only name, arrivals and warmup', hint));
  }
  if (from.amount + (count - 1) * step.amount < 0) {
    found.push(finding([...path, 'staircase', 'step'], 'stairs that stay at 0 or above', `Stair ${count} would be below 0.`));
  }
  return found;
}

function checkModel(drafts: Drafts): Finding[] {
  const models = drafts.map((phase) => (phase === null ? null : modelOf(phase.draft)));
  const model = models.find((known) => known !== null) ?? 'closed';
  const stranger = models.findIndex((known) => known !== null && known !== model);
  if (stranger >= 0)
    return [
      findingAtKey(['phases', stranger, tellingKey(drafts[stranger])], `a phase of the ${model} model, as those before it`, ONE_MODEL),
    ];
  if (model === 'open') return checkFirstRate(drafts[0] ?? null);
  return drafts.flatMap((phase, index) => (phase === null ? [] : checkWhole(phase.draft, index)));
}

function modelOf(draft: PhaseDraft): 'open' | 'closed' | null {
  if (isOpen(draft)) return 'open';
  return draft.users === undefined ? null : 'closed';
}

/** The key by which a phase is of its model. */
function tellingKey(phase: Salvage<PhaseDraft> | null | undefined): string {
  const keys = ['users', 'arrivalRate', 'arrivals', 'rampTo', 'staircase'] as const;
  return keys.find((key) => phase?.draft[key] !== undefined) ?? 'name';
}

function checkFirstRate(first: Salvage<PhaseDraft> | null): Finding[] {
  if (first === null || first.broken.length > 0) return [];
  const { staircase, arrivalRate, rampTo } = first.draft;
  if (staircase !== undefined || arrivalRate !== undefined || rampTo !== undefined) return [];
  return [finding(['phases', 0], 'a first phase with arrivalRate or rampTo', 'Later phases go on where the last one ended.')];
}

/** There are no half users. */
function checkWhole(draft: PhaseDraft, index: number): Finding[] {
  const levels = [
    { path: ['rampTo'], amount: draft.rampTo?.amount },
    { path: ['staircase', 'from'], amount: draft.staircase?.from.amount },
    { path: ['staircase', 'step'], amount: draft.staircase?.step.amount },
  ];
  const broken = levels.filter(({ amount }) => amount !== undefined && !Number.isInteger(amount));
  const hint = 'For an arrival rate write the unit, as in 2.5/s.';
  return broken.map(({ path }) => finding(['phases', index, ...path], 'a whole number of users', hint));
}

function checkNames(drafts: Drafts): Finding[] {
  const found: Finding[] = [];
  const owners = new Map<string, number>();
  drafts.forEach((phase, index) => {
    if (phase === null || phase.broken.includes('name')) return;
    const { draft } = phase;
    for (const { name } of stairsOf(draft, nameOf(draft, index), 0)) {
      const owner = owners.get(name);
      owners.set(name, owner ?? index);
      if (owner === undefined || owner === index) continue;
      const at = draft.name === undefined ? ['phases', index] : ['phases', index, 'name'];
      found.push(finding(at, 'a name of its own for each phase', `phases[${owner}] is called ${name} already.`));
      break;
    }
  });
  if (drafts.length > 0 && drafts.every((phase) => phase?.draft.warmup === true)) {
    found.push(finding(['phases'], 'at least one phase that is not a warm-up', 'Warm-up phases are left out of the result.'));
  }
  return found;
}
