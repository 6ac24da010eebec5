// What is wrong between the blocks of a file. Every block is looked at, whatever is wrong with the others.

import type { z } from 'zod';
import type { Threshold } from '../model/threshold.ts';
import type { Micros } from '../model/units.ts';
import type { LabPlan, OwnTarget, Phase } from '../model/workload.ts';
import { checkFlow, walkSteps } from './checkFlow.ts';
import { checkTemplates, flowsOf } from './checkTemplates.ts';
import { readThresholds } from './checkThresholds.ts';
import { checkFault, checkOverlaps, faultShape } from './faults.ts';
import { METHODS } from './flow.ts';
import { checkPhases, peak, phaseShape, resolvePhases } from './phases.ts';
import { type Finding, finding, findingAtKey } from './problem.ts';
import { isMapping } from './shapes.ts';
import { labShape, leadsToLoopback, targetShape } from './target.ts';
import { usersShape } from './users.ts';

type Raw = Readonly<Record<string, unknown>>;

export interface CheckedFile {
  readonly findings: readonly Finding[];
  readonly thresholds: readonly Threshold[];
}

/** `raw` is the file as written. `fields` are the columns of its payloads, null when they could not be read. */
export function checkFile(raw: Raw, fields: readonly string[] | null): CheckedFile {
  const target = targetOf(raw);
  const schedule = checkSchedule(raw);
  const faults = itemsOf(raw['faults']).map((fault) => sound(faultShape, fault));
  const runLength: Micros | null = schedule.phases === null ? null : schedule.phases.reduce((sum, { duration }) => sum + duration, 0);
  const names = {
    phases: schedule.phases?.map(({ name }) => name) ?? null,
    backends: backendsOf(target),
    faults: itemsOf(raw['faults']).length,
  };
  const { thresholds, findings } = readThresholds(raw['thresholds'], names);
  return {
    thresholds,
    findings: [
      ...checkAlternatives(raw),
      ...checkBackends(target),
      ...schedule.findings,
      ...flowsOf(raw).flatMap(({ flow, path }) => [...checkFlow(flow, path, schedule.open), ...checkUrls(flow, path, target)]),
      ...checkScenarios(raw),
      ...(fields === null ? [] : checkTemplates(raw, fields)),
      ...faults.flatMap((fault, index) => (fault === null ? [] : checkFault(fault, index, { target, runLength }))),
      ...checkOverlaps(faults),
      ...checkVia(raw, target),
      ...findings,
    ],
  };
}

function sound<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> | null {
  const outcome = shape.safeParse(value);
  return outcome.success ? outcome.data : null;
}

function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

function targetOf(raw: Raw): LabPlan | OwnTarget | null {
  if (raw['lab'] !== undefined) return sound(labShape, raw['lab']);
  return raw['target'] === undefined ? null : sound(targetShape, raw['target']);
}

function backendsOf(target: LabPlan | OwnTarget | null): readonly string[] | null {
  if (target === null) return null;
  const names = target.backends.map((backend) => (typeof backend === 'string' ? backend : backend.name));
  return names.length === 0 ? null : names;
}

function checkAlternatives(raw: Raw): Finding[] {
  const found: Finding[] = [];
  const one = (first: string, second: string, example: string) => {
    if (raw[first] !== undefined && raw[second] !== undefined) found.push(findingAtKey([second], `either ${first} or ${second}`));
    if (!(first in raw) && !(second in raw)) found.push(finding([first], `${first}, or else ${second}`, `For example ${example}.`));
  };
  one('lab', 'target', 'lab: { strategy: jvm_route, backends: [tomcat01, tomcat02] }');
  one('flow', 'scenarios', 'flow: [ { get: / }, { think: 1s } ]');
  return found;
}

function checkBackends(target: LabPlan | OwnTarget | null): Finding[] {
  const names = backendsOf(target) ?? [];
  const path = target?.kind === 'lab' ? ['lab', 'backends'] : ['target', 'backends'];
  const found = names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [finding([...path, index], 'a name of its own for each backend', `${name} stands there twice.`)],
  );
  if (target?.kind === 'lab' && target.backends.every(({ down }) => down)) {
    found.push(finding(path, 'at least one backend that is not down'));
  }
  return found;
}

interface Schedule {
  readonly findings: readonly Finding[];
  /** Null when they are not all sound. */
  readonly phases: readonly Phase[] | null;
  /** Null when the phases do not tell. */
  readonly open: boolean | null;
}

function checkSchedule(raw: Raw): Schedule {
  const drafts = itemsOf(raw['phases']).map((phase) => sound(phaseShape, phase));
  const findings = checkPhases(drafts);
  const known = drafts.filter((draft) => draft !== null);
  if (findings.length > 0 || known.length !== drafts.length || known.length === 0) return { findings, phases: null, open: null };
  const phases = resolvePhases(known, sound(usersShape, raw['users'] ?? {})?.count ?? 1);
  const open = phases[0]?.model === 'open';
  if (peak(phases) > 0) return { findings, phases, open };
  const nobody = open ? 'arrivalRate or rampTo above 0' : 'users or rampTo above 0';
  return { findings: [finding(['phases'], `a phase with ${nobody}`, 'Nobody would come.')], phases, open };
}

function checkScenarios(raw: Raw): Finding[] {
  const names = itemsOf(raw['scenarios']).map((scenario) => (isMapping(scenario) ? scenario['name'] : undefined));
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (name === undefined || first === index) return [];
    return [finding(['scenarios', index, 'name'], 'a name of its own for each scenario', `scenarios[${first}] has it already.`)];
  });
}

/** Cookies and connections belong to one site, so a whole URL must be of the target's own origin. */
function checkUrls(flow: unknown, path: readonly PropertyKey[], target: LabPlan | OwnTarget | null): Finding[] {
  const found: Finding[] = [];
  if (target === null) return found;
  walkSteps(flow, path, (step, at) => {
    for (const method of METHODS) {
      const origin = /^(https?:\/\/[^/?#]+)/i.exec(String(step[method] ?? ''))?.[1];
      if (origin === undefined) continue;
      const own = target.kind === 'own' ? new URL(target.url).origin : 'the lab';
      if (URL.canParse(origin) && new URL(origin).origin === own) continue;
      found.push(finding([...at, method], `a path such as /cart, or a URL of ${own}`, 'Users talk to the target only.'));
    }
  });
  return found;
}

function checkVia(raw: Raw, target: LabPlan | OwnTarget | null): Finding[] {
  const users = sound(usersShape, raw['users'] ?? {});
  if (target?.kind !== 'own' || users?.via?.via !== 'bind') return [];
  if (leadsToLoopback(target.url) || !users.pool.address.startsWith('127.')) return [];
  const hint = `From ${users.pool.address}/${users.pool.prefix} no other machine can be reached: give pool addresses of this machine, or write via: { header: X-Forwarded-For }.`;
  return [finding(['users', 'via'], `a way to have addresses that reaches ${new URL(target.url).host}`, hint)];
}
