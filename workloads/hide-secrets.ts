// A workload that may be shown: what looks like a secret is blotted out.

import type { Template } from '../model/template.ts';
import type { HeaderTemplate, Step, Workload } from '../model/workload.ts';
import { mapLiterals } from './values/templates.ts';

const BLOT = '***';

/** Names of headers, form and JSON fields, and variables whose values are secrets. */
const SECRET = /passw|secret|token|api-?_?key|^(proxy-)?authorization$|credential|^pin$/i;

/**
 * The workload without passwords: the literal values of headers, form and JSON fields and variables with a telling name, and the password in the
 * target's URL. Values that come from a payload are not in a workload's text anyway, only the path of its file is.
 * Whoever runs the result again has to put the secrets back.
 */
export function hideSecrets(workload: Workload): Workload {
  const { target, http, variables } = workload;
  return {
    ...workload,
    target: target.kind === 'own' ? { ...target, url: hideInUrl(target.url) } : target,
    http: { ...http, headers: http.headers.map(hideHeader) },
    scenarios: workload.scenarios.map((scenario) => ({ ...scenario, flow: scenario.flow.map(hideInStep) })),
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, values]) => [name, SECRET.test(name) ? values.map(() => BLOT) : values]),
    ),
  };
}

function hideInStep(step: Step): Step {
  if (step.kind === 'loop') return { ...step, steps: step.steps.map(hideInStep) };
  if (step.kind === 'think') return step;
  return { ...step, headers: step.headers.map(hideHeader), body: hideInBody(step.body) };
}

function hideHeader(header: HeaderTemplate): HeaderTemplate {
  if (!SECRET.test(header.name)) return header;
  return { name: header.name, value: mapLiterals(header.value, () => BLOT) };
}

/** `password=…` in forms, `"password":"…"` in JSON. */
function hideInBody(body: Template): Template {
  return mapLiterals(body, (text) =>
    text
      .replace(/(^|&)([^=&]+)=([^&]+)/g, (pair, before, name, value) =>
        SECRET.test(name) && value !== '' ? `${before}${name}=${BLOT}` : pair,
      )
      .replace(/"([^"\\]+)":"((?:[^"\\]|\\.)+)"/g, (pair, name) => (SECRET.test(name) ? `"${name}":"${BLOT}"` : pair)),
  );
}

function hideInUrl(text: string): string {
  const url = new URL(text);
  if (url.username === '' && url.password === '') return text;
  url.username = BLOT;
  url.password = '';
  return url.href;
}
