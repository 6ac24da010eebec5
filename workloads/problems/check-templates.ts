// Variables that nobody defines, in any text of the workload that may hold them.

import { METHODS } from '../blocks/flow.ts';
import { isMapping } from '../values/shapes.ts';
import { BUILT_IN_VARIABLES, readTemplate, variablesOf } from '../values/templates.ts';
import { walkSteps } from './check-flow.ts';
import { didYouMean } from './nearest.ts';
import { type Finding, findingWithin } from './problem.ts';

type Path = readonly PropertyKey[];

/** `raw` is the file as written; `fields` are the columns of its payloads. */
export function checkTemplates(raw: Readonly<Record<string, unknown>>, fields: readonly string[]): Finding[] {
  const variables = isMapping(raw['variables']) ? Object.keys(raw['variables']) : [];
  const everywhere = [...BUILT_IN_VARIABLES, ...variables, ...fields];
  const flows = flowsOf(raw);
  const captured = flows.map(({ flow }) => capturesIn(flow));
  const found = flows.flatMap(({ flow, path }, index) => checkTexts(textsIn(flow, path), [...everywhere, ...(captured[index] ?? [])]));
  const http = isMapping(raw['http']) ? textsBelow(raw['http']['headers'], ['http', 'headers']) : [];
  return [...checkTexts(http, [...everywhere, ...captured.flat()]), ...found];
}

/** Each flow of the file with its place. */
export function flowsOf(raw: Readonly<Record<string, unknown>>): { readonly flow: unknown; readonly path: Path }[] {
  const flows: { flow: unknown; path: Path }[] = raw['flow'] === undefined ? [] : [{ flow: raw['flow'], path: ['flow'] }];
  if (!Array.isArray(raw['scenarios'])) return flows;
  raw['scenarios'].forEach((scenario: unknown, index) => {
    if (isMapping(scenario)) flows.push({ flow: scenario['flow'], path: ['scenarios', index, 'flow'] });
  });
  return flows;
}

interface Text {
  readonly text: string;
  readonly path: Path;
}

function checkTexts(texts: readonly Text[], known: readonly string[]): Finding[] {
  return texts.flatMap(({ text, path }) => {
    const template = readTemplate(text);
    if (!template.ok) return [];
    const strangers = new Set(variablesOf(template.value).filter((variable) => !known.includes(variable)));
    return [...strangers].map((variable) => {
      const hint = didYouMean(variable, known) || 'Define it under variables, as a field of a payload, or with capture.';
      return findingWithin(path, 'value', variable, `a variable that is defined: ${known.join(', ')}`, hint);
    });
  });
}

function textsIn(flow: unknown, path: Path): Text[] {
  const texts: Text[] = [];
  walkSteps(flow, path, (step, at) => {
    for (const key of [...METHODS, 'headers', 'json', 'form', 'body']) texts.push(...textsBelow(step[key], [...at, key]));
  });
  return texts;
}

function textsBelow(value: unknown, path: Path): Text[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsBelow(item, [...path, index]));
  return isMapping(value) ? Object.entries(value).flatMap(([key, item]) => textsBelow(item, [...path, key])) : [];
}

function capturesIn(flow: unknown): string[] {
  const names: string[] = [];
  walkSteps(flow, [], (step) => {
    const captures: readonly unknown[] = Array.isArray(step['capture']) ? step['capture'] : [step['capture']];
    for (const capture of captures) if (isMapping(capture)) names.push(String(capture['as']));
  });
  return names;
}
