// The building blocks of the schema. The message of every issue is what was expected, in words; `params.hint` says what to do.

import { z } from 'zod';
import { didYouMean } from '../problems/nearest.ts';
import type { Reading } from './reading.ts';

/** What a custom issue carries besides its message. `part` is where to point: at the key or at its value. */
export interface IssueParams {
  readonly hint: string;
  readonly part: 'key' | 'value';
}

interface JsonForm {
  readonly [keyword: string]: unknown;
}

/** A small value with a reader of its own. `json` is how editors are told about it. */
export function leaf<T>(expected: string, json: JsonForm, reader: (value: unknown) => Reading<T>) {
  return z
    .unknown()
    .transform((value, context): T => {
      const reading = reader(value);
      if (reading.ok) return reading.value;
      const params: IssueParams = { hint: value === undefined ? '' : reading.hint, part: 'value' };
      context.issues.push({ code: 'custom', message: expected, params, input: value });
      return z.NEVER;
    })
    .meta(json);
}

/** One of a few words. */
export function word<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

/** A list; `what` completes "expected a list of …". */
export function list<Item extends z.ZodType>(what: string, item: Item) {
  return z.array(item, { error: `a list of ${what}` });
}

export function nonEmptyList<Item extends z.ZodType>(what: string, item: Item) {
  return z.array(item, { error: `a list of ${what}` }).min(1, { error: `a list of ${what}, not an empty one` });
}

/** One item, or a list of them. */
export function oneOrMany<Item extends z.ZodType>(what: string, item: Item) {
  return z.union([item, z.array(item)], { error: `${what}, or a list of them` });
}

/**
 * A mapping with known keys. Unknown ones are issues even where a value is wrong too.
 * `foreign` has hints for keys that people bring from other tools.
 */
export function mapping<Shape extends z.ZodRawShape>(what: string, shape: Shape, foreign: Readonly<Record<string, string>> = {}) {
  const known = Object.keys(shape);
  return z
    .looseObject(shape, { error: what })
    .superRefine(
      (value: unknown, context) => {
        if (!isMapping(value)) return;
        for (const key of Object.keys(value)) {
          if (known.includes(key)) continue;
          const hint = (Object.hasOwn(foreign, key) ? foreign[key] : undefined) ?? didYouMean(key, known);
          const params: IssueParams = { hint, part: 'key' };
          context.addIssue({ code: 'custom', message: `one of the keys ${known.join(', ')}`, path: [key], params });
        }
      },
      { when: () => true },
    )
    .meta({ additionalProperties: false });
}

/** JSON Schema of a mapping that has a key; for alternatives between keys. */
export function having(key: string) {
  return { type: 'object', properties: { [key]: {} }, required: [key] };
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
