// What is wrong between the blocks of a file. Every block is looked at, whatever is wrong with the others.

import { STRATEGIES, type Strategy } from '../../model/strategy.ts';
import type { Threshold } from '../../model/threshold.ts';
import { checkFault, checkOverlaps, faultShape } from '../blocks/faults.ts';
import { METHODS } from '../blocks/flow.ts';
import { DEFAULT_BACKENDS, leadsToLoopback } from '../blocks/target.ts';
import { usersShape } from '../blocks/users.ts';
import { httpUrl } from '../values/leaves.ts';
import { isMapping } from '../values/shapes.ts';
import { checkFlow, walkSteps } from './check-flow.ts';
import { checkTemplates, flowsOf } from './check-templates.ts';
import { readThresholds } from './check-thresholds.ts';
import { type Finding, finding, findingAtKey } from './problem.ts';
import { sound } from './salvage.ts';
import { readSchedule } from './schedule.ts';

type Raw = Readonly<Record<string, unknown>>;

export interface CheckedFile {
  readonly findings: readonly Finding[];
  readonly thresholds: readonly Threshold[];
}

/** `raw` is the file as written. `fields` are the columns of its payloads, null when they could not be read. */
export function checkFile(raw: Raw, fields: readonly string[] | null): CheckedFile {
  const around = surroundingsOf(raw);
  const schedule = readSchedule(raw['phases'], sound(usersShape, raw['users'] ?? {})?.count ?? 1);
  const faults = itemsOf(raw['faults']).map((fault) => sound(faultShape, fault));
  const names = { phases: schedule.names, backends: around.backends, faults: faults.length };
  const { thresholds, findings } = readThresholds(raw['thresholds'], names);
  return {
    thresholds,
    findings: [
      ...checkAlternatives(raw),
      ...checkBackends(raw),
      ...schedule.findings,
      ...flowsOf(raw).flatMap(({ flow, path }) => [...checkFlow(flow, path, schedule.open), ...checkUrls(flow, path, around)]),
      ...checkScenarios(raw),
      ...(fields === null ? [] : checkTemplates(raw, fields)),
      ...faults.flatMap((fault, index) => (fault === null ? [] : checkFault(fault, index, { ...around, runLength: schedule.length }))),
      ...checkOverlaps(faults),
      ...checkVia(raw, around),
      ...findings,
    ],
  };
}

function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

/** What can be known of the target in spite of mistakes. */
interface Surroundings {
  readonly kind: 'lab' | 'own' | null;
  readonly backends: readonly string[] | null;
  readonly strategy: Strategy | null;
  readonly url: string | null;
}

function surroundingsOf(raw: Raw): Surroundings {
  const kind = raw['lab'] !== undefined ? 'lab' : raw['target'] !== undefined ? 'own' : null;
  const block = raw[kind === 'lab' ? 'lab' : 'target'];
  const strategy = isMapping(block) ? block['strategy'] : undefined;
  return {
    kind,
    backends: backendsOf(kind, block),
    strategy: typeof strategy === 'string' && isStrategy(strategy) ? strategy : null,
    url: kind === 'own' ? (sound(httpUrl, isMapping(block) ? block['url'] : block) ?? null) : null,
  };
}

function isStrategy(name: string): name is Strategy {
  return Object.hasOwn(STRATEGIES, name);
}

function backendsOf(kind: Surroundings['kind'], block: unknown): readonly string[] | null {
  const given = isMapping(block) ? block['backends'] : undefined;
  if (kind === 'lab' && isMapping(block) && given === undefined) return DEFAULT_BACKENDS;
  if (!Array.isArray(given) || given.length === 0) return null;
  const names = given.map((entry: unknown) => (isMapping(entry) ? entry['name'] : entry));
  return names.every((name) => typeof name === 'string') ? names : null;
}

function checkAlternatives(raw: Raw): Finding[] {
  const found: Finding[] = [];
  const one = (first: string, second: string, example: string) => {
    if (raw[first] !== undefined && raw[second] !== undefined)
      found.push(findingAtKey([second], `either ${first} or ${second}`, `Remove one of them.`));
    if (!(first in raw) && !(second in raw)) found.push(finding([first], `${first}, or else ${second}`, `For example ${example}.`));
  };
  one('lab', 'target', 'lab: { strategy: jvm_route, backends: [tomcat01, tomcat02] }');
  one('flow', 'scenarios', 'flow: [ { get: / }, { think: 1s } ]');
  return found;
}

function checkBackends(raw: Raw): Finding[] {
  return ['lab', 'target'].flatMap((block) => {
    const given = isMapping(raw[block]) ? itemsOf(raw[block]['backends']) : [];
    const names = given.map((entry) => (isMapping(entry) ? entry['name'] : entry));
    const found = names.flatMap((name, index) => {
      if (typeof name !== 'string' || names.indexOf(name) === index) return [];
      return [finding([block, 'backends', index], 'a name of its own for each backend', `${name} stands there twice.`)];
    });
    const allDown = given.length > 0 && given.every((entry) => isMapping(entry) && entry['down'] === true);
    return allDown ? [...found, finding([block, 'backends'], 'at least one backend that is not down')] : found;
  });
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
function checkUrls(flow: unknown, path: readonly PropertyKey[], { kind, url }: Surroundings): Finding[] {
  const found: Finding[] = [];
  if (kind === null || (kind === 'own' && url === null)) return found;
  const own = url === null ? null : new URL(url).origin;
  walkSteps(flow, path, (step, at) => {
    for (const method of METHODS) {
      const origin = /^https?:\/\/[^/?#]+/i.exec(String(step[method] ?? ''))?.[0];
      if (origin === undefined || !URL.canParse(origin) || new URL(origin).origin === own) continue;
      const expected = own === null ? 'a path such as /cart' : `a path such as /cart, or a URL of ${own}`;
      found.push(finding([...at, method], expected, 'Users talk to the target only.'));
    }
  });
  return found;
}

/** The header from which a lab's balancer takes the client's address. */
const TRUSTED = 'X-Forwarded-For';

function checkVia(raw: Raw, { kind, url }: Surroundings): Finding[] {
  const users = sound(usersShape, raw['users'] ?? {});
  if (kind === 'lab' && users?.via?.via === 'header' && users.via.header.toLowerCase() !== TRUSTED.toLowerCase()) {
    const hint = `The lab's balancer believes ${TRUSTED} only: with ${users.via.header} it would take all users for one address.`;
    return [finding(['users', 'via', 'header'], TRUSTED, hint)];
  }
  if (url === null || users?.via?.via !== 'bind') return [];
  if (leadsToLoopback(url) || !users.pool.address.startsWith('127.')) return [];
  const { address, prefix } = users.pool;
  const hint = `${address}/${prefix} leads to this machine only: give a pool of addresses this machine has, or write via: { header: X-Forwarded-For }.`;
  return [finding(['users', 'via'], `a way to have addresses that reaches ${new URL(url).host}`, hint)];
}
