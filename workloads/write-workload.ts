// A workload as the text of a file, with everything said.

import { stringify } from 'yaml';
import type { EgressShare, EgressVia } from '../model/egress.ts';
import type { Fault, HttpCall } from '../model/fault.ts';
import { assertNever } from '../model/never.ts';
import type { Threshold } from '../model/threshold.ts';
import type {
  Capture,
  Expect,
  HeaderTemplate,
  HttpOptions,
  Identify,
  LabPlan,
  OwnTarget,
  Payload,
  Phase,
  RequestStep,
  Step,
  Users,
  Workload,
} from '../model/workload.ts';
import { formatDuration } from './values/duration.ts';
import { formatTemplate } from './values/templates.ts';

type Plain = Readonly<Record<string, unknown>>;

/**
 * YAML that `parseWorkload` reads back as the same workload. Payloads are named by their path, their rows are not copied.
 * Secrets stand in it as they stand in the workload: see `hideSecrets`.
 */
export function writeWorkload(workload: Workload): string {
  const { name, description, seed, target, identify, users, http, phases, scenarios, variables, payload, faults, thresholds } = workload;
  const file = {
    name,
    ...(description === '' ? {} : { description }),
    seed,
    ...(target.kind === 'lab' ? { lab: labOf(target) } : { target: ownOf(target) }),
    identify: identifyOf(identify),
    users: usersOf(users),
    http: httpOf(http),
    phases: phases.map(phaseOf),
    scenarios: scenarios.map(({ name, weight, flow }) => ({ name, weight, flow: flow.map(stepOf) })),
    variables,
    ...(payload.length === 0 ? {} : { payload: payload.map(payloadOf) }),
    faults: faults.map(faultOf),
    thresholds: thresholdsOf(thresholds),
  };
  return stringify(file, { lineWidth: 0, aliasDuplicateObjects: false });
}

function labOf(lab: LabPlan): Plain {
  return {
    strategy: lab.strategy,
    backends: lab.backends.map(({ name, weight, down }) => ({ name, weight, down })),
    port: lab.port,
    max_fails: lab.maxFails,
    fail_timeout: formatDuration(lab.failTimeout),
    session_timeout: formatDuration(lab.sessionTimeout),
  };
}

function ownOf(own: OwnTarget): Plain {
  return {
    url: own.url,
    ...(own.strategy === null ? {} : { strategy: own.strategy }),
    backends: own.backends,
    fail_timeout: formatDuration(own.failTimeout),
    session_timeout: formatDuration(own.sessionTimeout),
  };
}

function identifyOf({ backend, path, names }: Identify): Plain {
  return { backend: sourceOf(backend), path: path ?? 'none', names };
}

function sourceOf(backend: Identify['backend']): string | Plain {
  switch (backend.from) {
    case 'header':
      return { header: backend.header };
    case 'cookie':
      return { cookie: backend.cookie };
    case 'route':
    case 'none':
      return backend.from;
    default:
      return assertNever(backend);
  }
}

function usersOf({ count, sessionCookie, egress, via, pool }: Users): Plain {
  return {
    count,
    cookies: { session: sessionCookie },
    egress: egress.map(egressOf),
    via: viaOf(via),
    pool: `${pool.address}/${pool.prefix}`,
  };
}

function egressOf(share: EgressShare): Plain {
  switch (share.policy) {
    case 'same24':
      return { ...share, every: formatDuration(share.every) };
    case 'per_connection':
      return { ...share, lifetime: formatDuration(share.lifetime) };
    case 'switch':
      return { ...share, dwell: formatDuration(share.dwell) };
    case 'pingpong':
      return { ...share, gap: formatDuration(share.gap), away: share.away.map(formatDuration).join('..') };
    case 'fixed':
    case 'per_request':
    case 'shared':
      return share;
    default:
      return assertNever(share);
  }
}

function viaOf(via: EgressVia): string | Plain {
  if (via.via === 'bind') return 'bind';
  return via.via === 'header' ? { header: via.header } : { proxy_protocol: via.version === 1 ? 'v1' : 'v2' };
}

function httpOf(http: HttpOptions): Plain {
  return {
    connections: http.connections,
    timeout: formatDuration(http.timeout),
    connect_timeout: formatDuration(http.connectTimeout),
    redirects: http.redirects,
    headers: headersOf(http.headers),
    max_body: http.maxBody,
    tls: { ...(http.ca === null ? {} : { ca: http.ca }), insecure: http.insecure },
  };
}

function headersOf(headers: readonly HeaderTemplate[]): Plain {
  return Object.fromEntries(headers.map(({ name, value }) => [name, formatTemplate(value)]));
}

function phaseOf(phase: Phase): Plain {
  const { name, duration, warmup, from, to } = phase;
  const timing = { name, duration: formatDuration(duration), warmup };
  if (phase.model === 'closed') return { ...timing, users: from, ...(from === to ? {} : { rampTo: to }) };
  return { ...timing, arrivalRate: `${from}/s`, ...(from === to ? {} : { rampTo: `${to}/s` }), arrivals: phase.arrivals };
}

function stepOf(step: Step): Plain {
  switch (step.kind) {
    case 'request':
      return requestOf(step);
    case 'think':
      return { think: `${formatDuration(step.min)}..${formatDuration(step.max)}` };
    case 'loop':
      return {
        loop: step.steps.map(stepOf),
        ...(step.count === null ? {} : { count: step.count }),
        ...(step.over === null ? {} : { over: formatDuration(step.over) }),
        ...(step.pace === null ? {} : { pace: formatDuration(step.pace) }),
      };
    default:
      return assertNever(step);
  }
}

function requestOf({ method, path, name, op, key, headers, body, capture, expect }: RequestStep): Plain {
  return {
    [method.toLowerCase()]: formatTemplate(path),
    name,
    op,
    key,
    ...(headers.length === 0 ? {} : { headers: headersOf(headers) }),
    ...(body.length === 0 ? {} : { body: formatTemplate(body) }),
    ...(capture.length === 0 ? {} : { capture: capture.map(captureOf) }),
    ...expectOf(expect),
  };
}

function captureOf(capture: Capture): Plain {
  switch (capture.from) {
    case 'header':
      return { header: capture.header, as: capture.as };
    case 'cookie':
      return { cookie: capture.cookie, as: capture.as };
    case 'regex':
      return { regex: capture.pattern, group: capture.group, as: capture.as };
    case 'json':
      return { json: capture.path, as: capture.as };
    default:
      return assertNever(capture);
  }
}

function expectOf({ status, headers, body }: Expect): Plain {
  const said = {
    ...(status.length === 0 ? {} : { status }),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map(({ name, pattern }) => [name, pattern])) }),
    ...(body.length === 0 ? {} : { body }),
  };
  return Object.keys(said).length === 0 ? {} : { expect: said };
}

function payloadOf({ path, fields, order }: Payload): Plain {
  return { path, fields, order };
}

function faultOf({ at, duration, action }: Fault): Plain {
  const timing = { at: formatDuration(at), ...(duration === null ? {} : { for: formatDuration(duration) }) };
  if (action.kind !== 'exec' && action.kind !== 'http') return { ...timing, [action.kind]: action.target };
  const target = action.target === '' ? {} : { target: action.target };
  if (action.kind === 'exec') return { ...timing, exec: action.run, ...(action.undo === null ? {} : { undo: action.undo }), ...target };
  return { ...timing, http: callOf(action.request), ...(action.undo === null ? {} : { undo: callOf(action.undo) }), ...target };
}

function callOf({ method, url }: HttpCall): Plain {
  return { [method.toLowerCase()]: url };
}

/** The text of a threshold is its key, a colon and its condition. */
function thresholdsOf(thresholds: readonly Threshold[]): Plain {
  const conditions: Record<string, string[]> = {};
  for (const { text } of thresholds) {
    const key = /^[^{:]*(\{[^}]*\})?\s*(?=: )/.exec(text)?.[0] ?? text;
    conditions[key] = [...(conditions[key] ?? []), text.slice(key.length + 2)];
  }
  return conditions;
}
