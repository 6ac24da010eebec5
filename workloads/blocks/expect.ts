// What a step expects of its answer: `expect: { status: 200, body: Welcome }`.

import { z } from 'zod';
import type { Expect } from '../../model/workload.ts';
import { count, headerName, regex } from '../values/leaves.ts';
import { mapping, oneOrMany } from '../values/shapes.ts';

const status = count(100, 599);

const headerPatterns = z
  .record(headerName, regex, { error: 'a mapping of header names to regular expressions' })
  .transform((patterns) => Object.entries(patterns).map(([name, pattern]) => ({ name, pattern })));

export const expectShape = mapping(
  'a mapping with the keys status, headers and body',
  {
    status: oneOrMany('a status such as 200', status).optional().describe('One status, or a list of those allowed.'),
    headers: headerPatterns.prefault({}).describe('Headers that must be there and match these regular expressions.'),
    body: oneOrMany('a regular expression', regex).optional().describe('Regular expressions that the body must match.'),
  },
  {
    statusCode: 'Write status.',
    notStatusCode: 'List the allowed ones with status.',
    hasHeader: 'Write headers: { NAME: . }.',
    headerEquals: 'Write headers: { NAME: ^value$ }.',
    matchesRegexp: 'Write body.',
    contentType: 'Write headers: { Content-Type: json }.',
    hasProperty: 'Search the body with a regular expression: body.',
    equals: 'Search the body with a regular expression: body.',
  },
).transform(({ status, headers, body }): Expect => ({ status: many(status), headers, body: many(body) }));

/** What is expected when nothing is said: a status below 400. */
export const NO_EXPECTATION: Expect = { status: [], headers: [], body: [] };

function many<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
