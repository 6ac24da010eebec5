// A workload that may be shown: what looks like a secret is blotted out.

import type { Fault, HttpCall } from '../model/fault.ts';
import type { Template } from '../model/template.ts';
import type { HeaderTemplate, OwnTarget, Step, Workload } from '../model/workload.ts';
import { isSecretName } from './secrets/names.ts';
import { type Hide, hideInBody, hideInQuery, hideInUrl } from './secrets/texts.ts';
import { formatTemplate, readTemplate, variablesOf } from './values/templates.ts';

const BLOT = '***';

/**
 * The workload without passwords: the values of headers, of fields in forms, queries and JSON, and of variables with a telling name or used
 * in such a value; and the user and password in URLs. A value that is nothing but a variable stays, for it says nothing. Values that come from a
 * payload are not in a workload's text anyway, only the path of its file is. Commands of `exec` faults stay as they are written.
 * Whoever runs the result again has to put the secrets back.
 */
export function hideSecrets(workload: Workload): Workload {
  const told = new Set<string>();
  const hide: Hide = (secret) => {
    const template = templateOf(secret);
    for (const variable of variablesOf(template)) told.add(variable);
    return template.every((part) => typeof part !== 'string') ? secret : BLOT;
  };
  const { target, http, scenarios, variables, faults } = workload;
  const hidden = {
    target: target.kind === 'own' ? hideInTarget(target) : target,
    http: { ...http, headers: http.headers.map((header) => hideInHeader(header, hide)) },
    scenarios: scenarios.map((scenario) => ({ ...scenario, flow: scenario.flow.map((step) => hideInStep(step, hide)) })),
    faults: faults.map(hideInFault),
  };
  const isSecret = (name: string): boolean => told.has(name) || isSecretName(name);
  const shown = Object.entries(variables).map(([name, values]) => [name, isSecret(name) ? values.map(() => BLOT) : values]);
  return { ...workload, ...hidden, variables: Object.fromEntries(shown) };
}

/** A URL without user, password and the secrets of its query. */
export function hideUrl(url: string): string {
  return hideInUrl(url, () => BLOT);
}

function hideInTarget(target: OwnTarget): OwnTarget {
  return { ...target, url: hideUrl(target.url) };
}

function hideInStep(step: Step, hide: Hide): Step {
  if (step.kind === 'loop') return { ...step, steps: step.steps.map((inner) => hideInStep(inner, hide)) };
  if (step.kind === 'think') return step;
  return {
    ...step,
    path: changed(step.path, (path) => hideInQuery(path, hide)),
    headers: step.headers.map((header) => hideInHeader(header, hide)),
    body: changed(step.body, (body) => hideInBody(body, hide)),
  };
}

function hideInHeader({ name, value }: HeaderTemplate, hide: Hide): HeaderTemplate {
  return { name, value: changed(value, (text) => (isSecretName(name) ? hide(text) : hideInUrl(text, hide))) };
}

function hideInFault(fault: Fault): Fault {
  const { action } = fault;
  if (action.kind !== 'http') return fault;
  const call = ({ method, url }: HttpCall): HttpCall => ({ method, url: hideUrl(url) });
  return { ...fault, action: { ...action, request: call(action.request), undo: action.undo === null ? null : call(action.undo) } };
}

function changed(template: Template, change: (text: string) => string): Template {
  return templateOf(change(formatTemplate(template)));
}

function templateOf(text: string): Template {
  const template = readTemplate(text);
  if (!template.ok)
    throw new Error(`impossible template: secrets are hidden between its variables, not in them: ${text.length} characters`);
  return template.value;
}
