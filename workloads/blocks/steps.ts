// From the steps as written to the steps as they are done: every default filled in.

import type { Op } from '../../model/entry.ts';
import type { Template } from '../../model/template.ts';
import type { Capture, HeaderTemplate, RequestStep, Step } from '../../model/workload.ts';
import { formatTemplate, mapLiterals, readTemplate } from '../values/templates.ts';
import { NO_EXPECTATION } from './expect.ts';
import { METHODS, type StepDraft } from './flow.ts';
import { lastSegment, withoutOrigin, withoutQuery } from './path.ts';

/** The counter that a request means when it names none. */
const DEFAULT_KEY = 'counter';

/** The steps of drafts that `checkFlow` has nothing against. */
export function resolveSteps(drafts: readonly StepDraft[]): Step[] {
  return drafts.map(resolveStep);
}

/**
 * What a request means for the session when the workload does not say: GET, HEAD and OPTIONS read and all others write, but POST, PUT and
 * PATCH to a path that ends in `login` rotate the session id, and any request but HEAD and OPTIONS to one that ends in `logout` ends the session.
 */
function defaultOp(method: string, path: Template): Op {
  if (method === 'HEAD' || method === 'OPTIONS') return 'read';
  const last = lastSegment(path)?.toLowerCase();
  if (last === 'logout') return 'logout';
  if (method === 'GET') return 'read';
  return last === 'login' && method !== 'DELETE' ? 'rotate' : 'write';
}

function resolveStep(draft: StepDraft): Step {
  if (draft.think !== undefined) return { kind: 'think', min: draft.think.min, max: draft.think.max };
  if (draft.loop !== undefined) {
    const { count = null, over = null, pace = null } = draft;
    return { kind: 'loop', count, over, pace, steps: resolveSteps(draft.loop) };
  }
  for (const key of METHODS) {
    const path = draft[key];
    if (path !== undefined) return resolveRequest(key.toUpperCase(), withoutOrigin(path), draft);
  }
  throw new Error('impossible step: checkFlow lets none pass without a method, think or loop');
}

/** Its default name has no query: names are in every line of the record, and a query may hold a secret. */
function resolveRequest(method: string, path: Template, draft: StepDraft): RequestStep {
  const body = bodyOf(draft);
  return {
    kind: 'request',
    method,
    path,
    name: draft.name ?? `${method} ${formatTemplate(withoutQuery(path))}`,
    op: draft.op ?? defaultOp(method, path),
    key: draft.key ?? DEFAULT_KEY,
    headers: withContentType(draft.headers ?? [], body),
    body: body.template,
    capture: capturesOf(draft.capture),
    expect: draft.expect ?? NO_EXPECTATION,
  };
}

interface Body {
  readonly template: Template;
  readonly type: string;
}

function bodyOf(draft: StepDraft): Body {
  if (draft.json !== undefined) return { template: draft.json, type: 'application/json' };
  if (draft.form !== undefined) return { template: formBody(draft.form), type: 'application/x-www-form-urlencoded' };
  return { template: draft.body ?? [], type: 'text/plain; charset=utf-8' };
}

/** Names and literal text are encoded as a browser does (a space is +); values of variables go in as they are. */
function formBody(form: Readonly<Record<string, Template>>): Template {
  const pairs = Object.entries(form).map(([name, value]) => `${formEncoded(name)}=${formatTemplate(mapLiterals(value, formEncoded))}`);
  const body = readTemplate(pairs.join('&'));
  if (!body.ok) throw new Error('impossible form: its parts were templates');
  return body.value;
}

function formEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+');
}

function withContentType(headers: readonly HeaderTemplate[], body: Body): readonly HeaderTemplate[] {
  const given = headers.some(({ name }) => name.toLowerCase() === 'content-type');
  if (body.template.length === 0 || given) return headers;
  return [...headers, { name: 'Content-Type', value: [body.type] }];
}

function capturesOf(capture: StepDraft['capture']): readonly Capture[] {
  if (capture === undefined) return [];
  return 'as' in capture ? [capture] : capture;
}
