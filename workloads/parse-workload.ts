// From the text of a workload file to a workload, or to all that is wrong with it.

import { basename } from 'node:path';
import type { EgressVia } from '../model/egress.ts';
import type { Threshold } from '../model/threshold.ts';
import type { LabPlan, OwnTarget, Payload, Scenario, Users, Workload } from '../model/workload.ts';
import { resolveFault } from './blocks/faults.ts';
import { payloadsShape, readPayload } from './blocks/payload.ts';
import { resolvePhases } from './blocks/phases.ts';
import { type FileDraft, fileShape } from './blocks/schema.ts';
import { resolveSteps } from './blocks/steps.ts';
import { leadsToLoopback } from './blocks/target.ts';
import { checkFile } from './problems/check-file.ts';
import { findingsOf } from './problems/issues.ts';
import type { Problem } from './problems/problem.ts';
import { readSource, type Source } from './problems/source.ts';
import { isMapping } from './values/shapes.ts';

export type ParsedWorkload = { readonly workload: Workload } | { readonly problems: readonly Problem[] };

/**
 * Reads a workload: every default filled in, or every problem found. `fileName` is for messages, for the name of a workload that has none,
 * and payloads lie relative to it; `readText` gives the text of a payload's file, or throws.
 */
export function parseWorkload(text: string, fileName: string, readText: (path: string) => string): ParsedWorkload {
  const source = readSource(text, fileName);
  if (!source.sound) return { problems: source.problems };
  const parsed = fileShape.safeParse(source.raw);
  const shape = findingsOf(parsed.error?.issues ?? [], source.raw).map((found) => source.place(found, 'WORKLOAD_INVALID'));
  if (!isMapping(source.raw)) return { problems: shape.map((problem) => ({ ...problem, hint: SHORTEST })) };
  const payload = readPayloads(source.raw, fileName, readText, source);
  const fields = payload.problems.length > 0 ? null : payload.payloads.flatMap((one) => one.fields);
  const checked = checkFile(source.raw, fields);
  const between = checked.findings.map((found) => source.place(found, 'WORKLOAD_INVALID'));
  const problems = withoutRepeats([...source.problems, ...shape, ...payload.problems, ...between]);
  if (problems.length > 0 || parsed.data === undefined) return { problems };
  return { workload: assemble(parsed.data, checked.thresholds, payload.payloads, fileName) };
}

const SHORTEST =
  'The shortest one: lab: { strategy: jvm_route }, phases: [{ duration: 30s }] and flow: [{ get: /visit }], each on its line.';

interface Payloads {
  readonly payloads: readonly Payload[];
  readonly problems: readonly Problem[];
}

function readPayloads(
  raw: Readonly<Record<string, unknown>>,
  fileName: string,
  readText: (path: string) => string,
  source: Source,
): Payloads {
  if (raw['payload'] === undefined) return { payloads: [], problems: [] };
  const drafts = payloadsShape.safeParse(raw['payload']).data;
  if (drafts === undefined) return { payloads: [], problems: [] };
  const files = { fileName, readText, place: source.place };
  const many = Array.isArray(drafts);
  const read = (many ? drafts : [drafts]).map((draft, index) => readPayload(draft, many ? ['payload', index] : ['payload'], files));
  return {
    payloads: read.filter((one): one is Payload => 'rows' in one),
    problems: read.flatMap((one) => ('rows' in one ? [] : one)),
  };
}

/** One mistake may be found on two ways. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ file, path, line, column, expected }) => {
    const place = `${file}:${line}:${column}:${path}:${expected}`;
    return seen.has(place) ? false : seen.add(place);
  });
}

function assemble(draft: FileDraft, thresholds: readonly Threshold[], payload: readonly Payload[], fileName: string): Workload {
  const target = draft.lab ?? draft.target;
  if (target === undefined) throw new Error('impossible workload: checkFile lets none pass without lab or target');
  return {
    name: draft.name ?? nameOf(fileName),
    description: draft.description ?? '',
    seed: draft.seed,
    target,
    identify: draft.identify,
    users: usersOf(draft, target),
    http: draft.http,
    phases: resolvePhases(draft.phases, draft.users.count),
    scenarios: scenariosOf(draft),
    variables: draft.variables,
    payload,
    faults: draft.faults.map(resolveFault),
    thresholds,
  };
}

/** The name of the file, without what a folder's name should not hold. */
function nameOf(fileName: string): string {
  const bare = basename(fileName).replace(/\.ya?ml$/i, '');
  return bare.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'workload';
}

function usersOf({ users }: FileDraft, target: LabPlan | OwnTarget): Users {
  const { count, cookies, egress, pool } = users;
  return { count, sessionCookie: cookies.session, egress, via: users.via ?? defaultVia(target), pool };
}

/** Loopback addresses can be bound, but lead only to this machine. */
function defaultVia(target: LabPlan | OwnTarget): EgressVia {
  if (target.kind === 'lab' || leadsToLoopback(target.url)) return { via: 'bind' };
  return { via: 'header', header: 'X-Forwarded-For' };
}

function scenariosOf(draft: FileDraft): Scenario[] {
  if (draft.flow !== undefined) return [{ name: 'flow', weight: 1, flow: resolveSteps(draft.flow) }];
  return (draft.scenarios ?? []).map(({ name, weight, flow }, index) => ({
    name: name ?? `scenario-${index + 1}`,
    weight,
    flow: resolveSteps(flow),
  }));
}
