// The workload file as a whole: what may stand at its top. Keys of several words are in snake_case, but for the words taken from Artillery
// as they are: arrivalRate, rampTo.

import { z } from 'zod';
import { CATALOGUE } from '../../model/catalogue.ts';
import { count, scalar, text, variableName } from '../values/leaves.ts';
import { read, unreadable } from '../values/reading.ts';
import { having, leaf, list, mapping, nonEmptyList } from '../values/shapes.ts';
import { faultShape } from './faults.ts';
import { flowShape, scenariosShape } from './flow.ts';
import { httpShape } from './http.ts';
import { payloadsShape } from './payload.ts';
import { phaseShape } from './phases.ts';
import { identifyShape, labShape, targetShape } from './target.ts';
import { usersShape } from './users.ts';

/** A name is part of the run folder's name. */
const workloadName = leaf('a name of letters, digits, dots, _ and -', { type: 'string', pattern: '^[A-Za-z0-9_][\\w.-]*$' }, (value) => {
  if (typeof value === 'number') return unreadable('For a text, put it in quotes.');
  return typeof value === 'string' && /^[A-Za-z0-9_][\w.-]*$/.test(value)
    ? read(value)
    : unreadable('It becomes part of the name of the run folder.');
});

const values = z
  .union([scalar.transform((value) => [value]), nonEmptyList('texts or numbers', scalar)], { error: 'a text, or a list of texts' })
  .describe('Each user takes one of them at random.');

const condition = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }] };

/** Read by `readThresholds`, which knows the rest of the file. */
const thresholds = z.record(z.string(), z.unknown(), { error: 'a mapping of measures to conditions' }).meta({
  propertyNames: { pattern: `^(${Object.keys(CATALOGUE).join('|').replaceAll('.', '\\.')})(\\{[^{}]*\\})?$` },
  additionalProperties: condition,
});

export const fileShape = mapping(
  'a workload: a mapping with lab or target, phases and flow',
  {
    name: workloadName.optional().describe('Its name; that of the file when left out.'),
    description: text.optional().describe('What it asks, in a sentence.'),
    seed: count(0, Number.MAX_SAFE_INTEGER).prefault(1).describe('Everything random comes from it: the same seed gives the same plan.'),
    lab: labShape.optional().describe('A lab that stickybench starts itself. Or else: target.'),
    target: targetShape.optional().describe('Your own deployment. Or else: lab.'),
    identify: identifyShape.prefault({}).describe('How an answer of your own deployment tells who gave it. A lab tells by itself.'),
    users: usersShape.prefault({}).describe('How many users, their session cookie, and the addresses they come from.'),
    http: httpShape.prefault({}).describe('Connections, patience, and what every request carries.'),
    phases: nonEmptyList('phases such as { duration: 30s }', phaseShape).describe(
      'The schedule. Each phase begins where the last one ended.',
    ),
    flow: flowShape.optional().describe('What a user does, step by step. Or else: scenarios.'),
    scenarios: scenariosShape.optional().describe('Several flows, each with its share of the users.'),
    variables: z
      .record(variableName, values, { error: 'a mapping of variables to values' })
      .prefault({})
      .describe('Values for {{ variables }} in paths, headers and bodies. user.id and user.name are always there.'),
    payload: payloadsShape.optional().describe('CSV files, of which each user takes one row.'),
    faults: list('faults', faultShape).prefault([]).describe('What is hurt, when and for how long.'),
    thresholds: thresholds.prefault({}).describe("Conditions on measures: 'latency.felt{phase:steady}': ['p(99)<400ms']."),
  },
  {
    config: 'There is no config block: target, phases, variables and payload stand at the top.',
    strategy: 'The strategy belongs to the lab: `lab: { strategy: jvm_route }`.',
    backends: 'The backends belong to the lab: `lab: { backends: [tomcat01, tomcat02] }`.',
    egress: 'It belongs to the users: `users: { egress: … }`.',
    stages: 'Write phases.',
    ensure: 'Write thresholds.',
    options: 'Settings stand at the top, not under options.',
    before: 'Put the steps at the beginning of the flow.',
  },
).meta({
  allOf: [{ oneOf: [having('lab'), having('target')] }, { oneOf: [having('flow'), having('scenarios')] }],
});

/** A file as it was read, before its parts are put together. */
export type FileDraft = z.output<typeof fileShape>;
