// The blocks `lab`, `target` and `identify`: what is tested, and how an answer tells who gave it.

import { z } from 'zod';
import { STRATEGIES, type Strategy } from '../../model/strategy.ts';
import type { BackendSource, Identify, LabPlan, OwnTarget, PlannedBackend } from '../../model/workload.ts';
import { cookieName, count, duration, headerName, httpUrl, idleSeconds, idleTime, wholeSeconds, yesNo } from '../values/leaves.ts';
import { read, unreadable } from '../values/reading.ts';
import { leaf, list, mapping, nonEmptyList, word } from '../values/shapes.ts';

/** Fault targets that are not backends; a backend may not have such a name. */
const RESERVED_NAMES: readonly string[] = ['store', 'balancer'];

export const DEFAULT_BACKENDS: readonly string[] = ['tomcat01', 'tomcat02'];

const STRATEGY_NAMES = Object.keys(STRATEGIES) as Strategy[];

const strategy = word(STRATEGY_NAMES).describe('What the balancer does, and where sessions live.');

/** The name is the route in the session id and a file name, so its characters are few. */
const backendName = leaf('the name of a backend: letters, digits, _ and -', { type: 'string', pattern: '^[A-Za-z0-9_-]+$' }, (value) => {
  if (typeof value === 'number') return unreadable('For a name, put it in quotes.');
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]+$/.test(value)) return unreadable();
  return RESERVED_NAMES.includes(value) ? unreadable(`${value} is a fault target already; choose another name.`) : read(value);
});

const backend = z.union(
  [
    backendName.transform((name): PlannedBackend => ({ name, weight: 1, down: false })),
    mapping('a backend', {
      name: backendName.describe('Its name, and the route in its session ids.'),
      weight: count(1, 1000).prefault(1).describe('Its weight in the balancer.'),
      down: yesNo.prefault(false).describe('Marked `down` in the balancer: it keeps its place and gets nothing.'),
    }).transform(({ name, weight, down }): PlannedBackend => ({ name, weight, down })),
  ],
  { error: 'the name of a backend, or a mapping with its name, weight and down' },
);

export const labShape = mapping('a lab such as { strategy: jvm_route }', {
  strategy,
  backends: nonEmptyList('backends', backend)
    .prefault([...DEFAULT_BACKENDS])
    .describe('The backends, in the order of the configuration.'),
  port: count(0, 65_535).prefault(0).describe('Port of the balancer. 0 takes a free one.'),
  max_fails: count(0, 1_000_000).prefault(1).describe('Failures after which the balancer shuns a backend; 0 never.'),
  fail_timeout: wholeSeconds.prefault('10s').describe('How long it shuns it.'),
  session_timeout: idleSeconds.prefault('30m').describe('Idle time after which a session expires: 5s or more.'),
}).transform(
  (lab): LabPlan => ({
    kind: 'lab',
    strategy: lab.strategy,
    backends: lab.backends,
    port: lab.port,
    maxFails: lab.max_fails,
    failTimeout: lab.fail_timeout,
    sessionTimeout: lab.session_timeout,
  }),
);

const ownDetails = mapping('a target such as { url: https://staging.example.com }', {
  url: httpUrl.describe('Where the balancer listens.'),
  strategy: strategy.optional(),
  backends: list('backends', backendName).prefault([]).describe('Names of the backends. Left out, those seen count.'),
  fail_timeout: duration.prefault('10s').describe('How long the balancer may shun a backend after a failure.'),
  session_timeout: idleTime.prefault('30m').describe('Idle time after which a session expires: 5s or more.'),
}).transform(
  (own): OwnTarget => ({
    kind: 'own',
    url: own.url,
    strategy: own.strategy ?? null,
    backends: own.backends,
    failTimeout: own.fail_timeout,
    sessionTimeout: own.session_timeout,
  }),
);

/** A deployment of which nothing is known but its address. */
export function bareTarget(url: string): OwnTarget {
  return { kind: 'own', url, strategy: null, backends: [], failTimeout: 10_000_000, sessionTimeout: 1_800_000_000 };
}

export const targetShape = z.union([httpUrl.transform(bareTarget), ownDetails], { error: 'an http or https URL, or a mapping with url' });

const A_SOURCE = '{ header: NAME }, { cookie: NAME }, route or none';

const backendSource = z
  .union(
    [z.enum(['route', 'none'], { error: A_SOURCE }), mapping(A_SOURCE, { header: headerName.optional(), cookie: cookieName.optional() })],
    {
      error: A_SOURCE,
    },
  )
  .transform((value, context): BackendSource => {
    if (typeof value === 'string') return { from: value };
    if (value.header !== undefined && value.cookie === undefined) return { from: 'header', header: value.header };
    if (value.cookie !== undefined && value.header === undefined) return { from: 'cookie', cookie: value.cookie };
    context.issues.push({
      code: 'custom',
      message: A_SOURCE,
      params: { hint: 'Exactly one of header and cookie.', part: 'value' },
      input: value,
    });
    return z.NEVER;
  });

const pathSource = leaf('the name of a header, or none', { type: 'string' }, (value) => {
  const known = headerName.safeParse(value);
  if (!known.success) return unreadable();
  return read(known.data === 'none' ? null : known.data);
});

export const identifyShape = mapping('a mapping with the keys backend, path and names', {
  backend: backendSource
    .prefault({ header: 'Sticky-Backend' })
    .describe('Who answered: a header, a cookie, the `route` in a session id just set, or `none`.'),
  path: pathSource
    .prefault('X-Upstream')
    .describe('Header with the backends tried, as in $upstream_addr of nginx; `none` when there is none.'),
  names: z
    .record(z.string(), backendName, { error: 'a mapping of what is shown to the name of a backend' })
    .prefault({})
    .describe('Names for what the header or path shows: `10.0.0.5:8080: tomcat01`.'),
}).transform(({ backend, path, names }): Identify => ({ backend, path, names }));

/** Whether the URL leads to this machine itself, over IPv4. Only then can users bind loopback addresses as their own. */
export function leadsToLoopback(url: string): boolean {
  const host = new URL(url).hostname;
  return host === 'localhost' || host.endsWith('.localhost') || /^127\./.test(host);
}
