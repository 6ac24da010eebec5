// What a step keeps of its answer: `capture: { header: X-Token, as: token }`.

import { z } from 'zod';
import type { Capture } from '../../model/workload.ts';
import { cookieName, count, headerName, regex, variableName } from '../values/leaves.ts';
import { type Reading, read, unreadable } from '../values/reading.ts';
import { type IssueParams, leaf, mapping } from '../values/shapes.ts';
import { BUILT_IN_VARIABLES } from '../values/templates.ts';

const jsonPath = leaf('a dotted path such as items[0].id', { type: 'string' }, readJsonPath);

const SOURCES = ['header', 'cookie', 'regex', 'json'] as const;
const A_CAPTURE = 'a capture: one of header, cookie, regex and json, and as';

export const captureShape = mapping(
  A_CAPTURE,
  {
    header: headerName.optional().describe('A header of the answer.'),
    cookie: cookieName.optional().describe("A cookie of the user's jar after the answer."),
    regex: regex.optional().describe('A regular expression that is searched in the body.'),
    group: count(0, 100).optional().describe('Which group of the regex; the first when it has one, else the whole match.'),
    json: jsonPath.optional().describe('A place in a JSON body.'),
    as: variableName.describe('The name of the variable.'),
  },
  {
    regexp: 'Write regex.',
    xpath: 'Search with regex.',
    selector: 'Search with regex.',
    strict: 'A capture that finds nothing leaves the variable as it was.',
  },
).transform((given, context): Capture => {
  const fail = (expected: string, path: string[], hint: string) => {
    const params: IssueParams = { hint, part: 'value' };
    context.issues.push({ code: 'custom', message: expected, path, params, input: given });
    return z.NEVER;
  };
  const named = SOURCES.filter((source) => given[source] !== undefined);
  if (named.length !== 1) return fail(A_CAPTURE, [], named.length > 1 ? `It has ${named.join(' and ')}: write two captures.` : '');
  if (BUILT_IN_VARIABLES.includes(given.as)) return fail('a name of your own', ['as'], `Every user has ${given.as} already.`);
  if (given.header !== undefined) return { from: 'header', header: given.header, as: given.as };
  if (given.cookie !== undefined) return { from: 'cookie', cookie: given.cookie, as: given.as };
  if (given.json !== undefined) return { from: 'json', path: given.json, as: given.as };
  const pattern = given.regex ?? '';
  const groups = groupsOf(pattern);
  const group = given.group ?? Math.min(1, groups);
  if (group > groups)
    return fail('a group that the regex has', ['group'], groups === 0 ? 'It has none; 0 is the whole match.' : `It has ${groups}.`);
  return { from: 'regex', pattern, group, as: given.as };
});

/** How many capturing groups a valid pattern has: the empty alternative always matches and lists them all. */
function groupsOf(pattern: string): number {
  return (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
}

/** Names and indexes only. JSONPath's leading `$.` may stand and is dropped. */
function readJsonPath(value: unknown): Reading<string> {
  if (typeof value !== 'string') return unreadable();
  const path = value.replace(/^\$\.?/, '');
  if (/^([^.[\]*?]+|\[\d+\])(\.[^.[\]*?]+|\[\d+\])*$/.test(path)) return read(path);
  return unreadable('Names and indexes only, without wildcards and filters.');
}
