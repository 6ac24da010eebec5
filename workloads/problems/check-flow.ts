// What is wrong between the steps of a flow, and between the keys of one step.

import { LOOP_KEYS, METHODS, REQUEST_KEYS, STEP_KINDS } from '../blocks/flow.ts';
import { isMapping } from '../values/shapes.ts';
import { type Finding, finding, findingAtKey } from './problem.ts';

type Path = readonly PropertyKey[];
type RawStep = Readonly<Record<string, unknown>>;

/** `flow` is as written and may be wrong anywhere. `open` is null when the phases do not tell. */
export function checkFlow(flow: unknown, path: Path, open: boolean | null): Finding[] {
  if (!Array.isArray(flow) || flow.length === 0) return [];
  const found = checkSteps(flow, path, open);
  if (flow.every(isReadable) && !flow.some(hasRequest)) found.push(finding(path, 'a flow with at least one request, such as get: /'));
  return found;
}

/** Everything of a kind in a flow, with its place, however deep in loops. Tolerates what is wrong. */
export function walkSteps(flow: unknown, path: Path, visit: (step: RawStep, path: Path) => void): void {
  if (!Array.isArray(flow)) return;
  flow.forEach((step: unknown, index) => {
    if (!isMapping(step)) return;
    visit(step, [...path, index]);
    walkSteps(step['loop'], [...path, index, 'loop'], visit);
  });
}

function checkSteps(steps: readonly unknown[], path: Path, open: boolean | null): Finding[] {
  return steps.flatMap((step, index) => {
    if (!isMapping(step)) return [];
    const at = [...path, index];
    const found = checkKeys(step, at);
    if (!Array.isArray(step['loop'])) return found;
    if (isEndless(step)) found.push(...checkEndless(steps, index, path, open));
    if (step['loop'].length > 0 && step['loop'].every(isReadable) && !step['loop'].some(hasRequest)) {
      found.push(finding([...at, 'loop'], 'a loop with at least one request, such as get: /'));
    }
    return [...found, ...checkSteps(step['loop'], [...at, 'loop'], open)];
  });
}

function checkKeys(step: RawStep, path: Path): Finding[] {
  const keys = Object.keys(step);
  const kinds = keys.filter((key) => STEP_KINDS.includes(key));
  const [kind, second] = kinds;
  if (kind === undefined) {
    // A mistyped key is reported as such; to say that the step does nothing would say it twice.
    const mistyped = keys.some((key) => !REQUEST_KEYS.includes(key) && !LOOP_KEYS.includes(key));
    return mistyped ? [] : [finding(path, `a step with one of the keys ${STEP_KINDS.join(', ')}`)];
  }
  if (second !== undefined) {
    return [findingAtKey([...path, second], 'one request, think or loop per step', `Begin a new step for it: - ${second}: …`)];
  }
  const allowed = kind === 'think' ? [] : kind === 'loop' ? LOOP_KEYS : REQUEST_KEYS;
  const strange = keys.filter((key) => key !== kind && !allowed.includes(key) && [...LOOP_KEYS, ...REQUEST_KEYS].includes(key));
  const expected = allowed.length === 0 ? `nothing beside ${kind}` : `beside ${kind} only ${allowed.join(', ')}`;
  const found = strange.map((key) => findingAtKey([...path, key], expected, belongs(key)));
  const bodies = keys.filter((key) => ['json', 'form', 'body'].includes(key));
  if (bodies.length > 1 && allowed === REQUEST_KEYS) {
    found.push(findingAtKey([...path, bodies[1] ?? ''], 'one body: json, form or body', `${bodies[0]} is one already.`));
  }
  return found;
}

function belongs(key: string): string {
  const owner = LOOP_KEYS.includes(key) ? 'loop' : 'request';
  return `${key} belongs to a ${owner}: it is indented like the ${owner} itself.`;
}

function checkEndless(steps: readonly unknown[], index: number, path: Path, open: boolean | null): Finding[] {
  const found: Finding[] = [];
  if (open === true) {
    const hint = 'In the open model a user plays the flow once and leaves: end the loop with count: 10 or over: 30s.';
    found.push(findingAtKey([...path, index, 'loop'], 'a loop with count or over', hint));
  }
  if (index < steps.length - 1) {
    const hint = `${text(path, index)} goes on for ever: give it count or over, or make it the last step.`;
    found.push(finding([...path, index + 1], 'a step that is reached', hint));
  }
  return found;
}

function text(path: Path, index: number): string {
  const place = path.at(-1) === 'loop' && path.length > 2 ? 'The inner loop' : 'The loop';
  return `${place} before it (step ${index + 1})`;
}

function isEndless(step: RawStep): boolean {
  return !('count' in step) && !('over' in step);
}

function isReadable(step: unknown): boolean {
  return isMapping(step) && Object.keys(step).some((key) => STEP_KINDS.includes(key));
}

function hasRequest(step: unknown): boolean {
  if (!isMapping(step)) return false;
  if (METHODS.some((method) => method in step)) return true;
  return Array.isArray(step['loop']) && step['loop'].some(hasRequest);
}
