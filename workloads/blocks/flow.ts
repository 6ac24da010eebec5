// The shape of `flow` and `scenarios`: what a user does, step by step.

import { z } from 'zod';
import type { Op } from '../../model/entry.ts';
import { count, label, positiveDuration, range, template, text, weight } from '../values/leaves.ts';
import { unreadable } from '../values/reading.ts';
import { having, leaf, mapping, nonEmptyList, oneOrMany, word } from '../values/shapes.ts';
import { readTemplate } from '../values/templates.ts';
import { captureShape } from './capture.ts';
import { expectShape } from './expect.ts';
import { headersShape } from './http.ts';
import { readPath } from './path.ts';

/** Request methods as the keys of a step. */
export const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

/** Keys that say what a step is; each step has exactly one. */
export const STEP_KINDS: readonly string[] = [...METHODS, 'think', 'loop'];

export const REQUEST_KEYS: readonly string[] = ['name', 'op', 'key', 'headers', 'json', 'form', 'body', 'capture', 'expect'];
export const LOOP_KEYS: readonly string[] = ['count', 'over', 'pace'];

const OPS: readonly ['read', 'write', 'create', 'rotate', 'logout', 'other'] = ['read', 'write', 'create', 'rotate', 'logout', 'other'];
OPS satisfies readonly Op[];

/** Hints for words of other tools. */
const FOREIGN: Readonly<Record<string, string>> = {
  url: 'Write the path after the method: `get: /cart`.',
  cookie: "Each user's cookie jar writes his cookies.",
  qs: 'Write the query into the path: `get: /search?q=shoes`.',
  formData: 'Write form.',
  log: 'There is no such step: `stickybench show --user N` tells what a user did.',
  function: 'There are no functions of your own; see capture, variables and payload.',
  whileTrue: 'A loop ends by count or over.',
  match: 'Write expect.',
  followRedirect: 'Redirects are followed as http.redirects says.',
};

const path = leaf('a path such as /cart', { type: 'string' }, readPath).optional();

/** The whole body as one text; values of variables go into it as they are. */
const jsonBody = leaf('a JSON value, with {{ variables }} in its texts', {}, (value) =>
  value === undefined ? unreadable() : readTemplate(JSON.stringify(value)),
);

const stepShape: z.ZodType<StepDraft> = mapping(
  'a step: a request such as get: /cart, think or loop',
  {
    get: path,
    post: path,
    put: path,
    patch: path,
    delete: path,
    head: path,
    options: path,
    name: text.optional().describe('Its name in reports; method and path without query, `GET /cart`, when left out.'),
    op: word(OPS)
      .optional()
      .describe(
        'What it means for the session. Left out: GET, HEAD and OPTIONS read; others write; POST, PUT or PATCH to …/login rotate; …/logout is logout.',
      ),
    key: text.optional().describe('Which counter of the session it reads or writes; `counter` when left out.'),
    headers: headersShape.optional().describe('Headers of this request, besides those of http.headers.'),
    json: jsonBody.optional().describe('Body as JSON; texts in it may hold {{ variables }}.'),
    form: z.record(z.string(), template, { error: 'a mapping of form fields to texts' }).optional().describe('Body as a form.'),
    body: template.optional().describe('Body as a text.'),
    capture: oneOrMany('a capture such as { header: X-Token, as: token }', captureShape)
      .optional()
      .describe('Parts of the answer to keep.'),
    expect: expectShape.optional().describe('What the answer must be; a status below 400 when left out.'),
    think: range.optional().describe('Waits for a time uniform in the range.'),
    loop: z
      .lazy(() => nonEmptyList('steps', stepShape))
      .optional()
      .describe('Steps to repeat; for ever, unless count or over is given.'),
    count: count(1, Number.MAX_SAFE_INTEGER, 'rounds').optional().describe('Rounds of the loop.'),
    over: positiveDuration.optional().describe('Time after which no new round starts.'),
    pace: positiveDuration.optional().describe('Rounds start this far apart.'),
  },
  FOREIGN,
).meta({ id: 'step', oneOf: STEP_KINDS.map(having) });

type Parsed<Shape extends z.ZodType> = z.output<Shape>;

/** A step as it was read; `checkFlow` sees to it that the keys fit together. */
export interface StepDraft {
  readonly name?: string | undefined;
  readonly op?: Op | undefined;
  readonly key?: string | undefined;
  readonly headers?: Parsed<typeof headersShape> | undefined;
  readonly json?: Parsed<typeof jsonBody> | undefined;
  readonly form?: Readonly<Record<string, Parsed<typeof template>>> | undefined;
  readonly body?: Parsed<typeof template> | undefined;
  readonly capture?: Parsed<typeof captureShape> | readonly Parsed<typeof captureShape>[] | undefined;
  readonly expect?: Parsed<typeof expectShape> | undefined;
  readonly think?: Parsed<typeof range> | undefined;
  readonly loop?: readonly StepDraft[] | undefined;
  readonly count?: number | undefined;
  readonly over?: number | undefined;
  readonly pace?: number | undefined;
  readonly get?: Parsed<typeof path>;
  readonly post?: Parsed<typeof path>;
  readonly put?: Parsed<typeof path>;
  readonly patch?: Parsed<typeof path>;
  readonly delete?: Parsed<typeof path>;
  readonly head?: Parsed<typeof path>;
  readonly options?: Parsed<typeof path>;
}

export const flowShape = nonEmptyList('steps', stepShape);

export const scenariosShape = nonEmptyList(
  'scenarios',
  mapping('a scenario such as { name: buy, weight: 3, flow: […] }', {
    name: label.optional().describe('Its name; `scenario-1` and so on when left out.'),
    weight: weight.prefault(1).describe('Share of the users, relative to the sum of all weights.'),
    flow: flowShape.describe('What its users do.'),
  }),
);
