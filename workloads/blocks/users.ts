// The block `users`: how many, their session cookie, and the addresses they come from.

import { z } from 'zod';
import type { EgressPolicy, EgressShare, EgressVia } from '../../model/egress.ts';
import { cookieName, count, headerName, positiveDuration, range, weight } from '../values/leaves.ts';
import { read, unreadable } from '../values/reading.ts';
import { type IssueParams, leaf, mapping, nonEmptyList, word } from '../values/shapes.ts';

const MANY = 100_000_000;

const share = { weight: weight.prefault(1).describe('Share of the users, relative to the sum of all weights; 20 or 20%.') };
const exits = count(1, 1024).describe('Exits of each user, every one in another /24.');

/** Which policies a key belongs to, for those who write it under another. */
const OWNERS: Readonly<Record<string, string>> = {
  exits: 'exits belongs to per_connection, per_request, switch and shared.',
  weights: 'weights belongs to per_connection.',
  lifetime: 'lifetime belongs to per_connection.',
  every: 'every belongs to same24.',
  dwell: 'dwell belongs to switch.',
  gap: 'gap belongs to pingpong.',
  away: 'away belongs to pingpong.',
  sizes: 'sizes belongs to shared.',
};

function policy<Name extends string, Shape extends z.ZodRawShape>(name: Name, what: string, shape: Shape) {
  return mapping('an egress policy', { policy: z.literal(name), ...share, ...shape }, OWNERS).describe(what);
}

const perConnection = policy('per_connection', 'Each new connection picks an exit by weight.', {
  exits: exits.optional(),
  weights: nonEmptyList('weights', weight).optional().describe('How often each exit is picked; all alike when left out.'),
  lifetime: positiveDuration.prefault('1m').describe('Mean life of a connection (exponential).'),
}).transform((given, context): EgressShare => {
  const count = given.exits ?? given.weights?.length ?? 2;
  const weights = given.weights ?? Array.from({ length: count }, () => 1);
  if (weights.length !== count) {
    const params: IssueParams = { hint: '', part: 'value' };
    context.issues.push({ code: 'custom', message: `as many weights as exits: ${count}`, path: ['weights'], params, input: given.weights });
  }
  return { policy: given.policy, weight: given.weight, exits: count, weights, lifetime: given.lifetime };
});

const egressShare = z.discriminatedUnion(
  'policy',
  [
    policy('fixed', 'One address for good.', {}).transform(({ weight }): EgressShare => ({ policy: 'fixed', weight })),
    policy('same24', 'A new last octet from time to time.', {
      every: positiveDuration.prefault('30m').describe('Mean time between changes (exponential).'),
    }).transform(({ weight, every }): EgressShare => ({ policy: 'same24', weight, every })),
    perConnection,
    policy('per_request', 'Each request picks an exit, all alike.', { exits: exits.prefault(4) }).transform(
      ({ weight, exits }): EgressShare => ({ policy: 'per_request', weight, exits }),
    ),
    policy('switch', 'Stays for a while, then takes another of the exits.', {
      exits: exits.prefault(2),
      dwell: positiveDuration.prefault('5m').describe('Mean stay (exponential).'),
    }).transform(({ weight, exits, dwell }): EgressShare => ({ policy: 'switch', weight, exits, dwell })),
    policy('pingpong', 'At home, for a moment away, home again: mobile phones.', {
      gap: positiveDuration.prefault('10m').describe('Mean time at home (exponential).'),
      away: range.prefault('5s..30s').describe('Time away (uniform).'),
    }).transform(({ weight, gap, away }): EgressShare => ({ policy: 'pingpong', weight, gap, away: [away.min, away.max] })),
    policy('shared', 'All users of this policy share the exits: an office, a carrier.', {
      exits: count(1, 65_536).prefault(1).describe('Number of /24s that these users share.'),
      sizes: word(['even', 'zipf']).prefault('zipf').describe('How the users spread over them.'),
    }).transform(({ weight, exits, sizes }): EgressShare => ({ policy: 'shared', weight, exits, sizes })),
  ],
  { error: `an egress policy: one of ${policyNames().join(', ')}` },
);

const A_VIA = 'bind, { header: NAME } or { proxy_protocol: v1 | v2 }';

const via = z
  .union(
    [z.literal('bind', { error: A_VIA }), mapping(A_VIA, { header: headerName.optional(), proxy_protocol: word(['v1', 'v2']).optional() })],
    { error: A_VIA },
  )
  .transform((value, context): EgressVia => {
    if (value === 'bind') return { via: 'bind' };
    if (value.header !== undefined && value.proxy_protocol === undefined) return { via: 'header', header: value.header };
    if (value.proxy_protocol !== undefined && value.header === undefined) {
      return { via: 'proxy_protocol', version: value.proxy_protocol === 'v1' ? 1 : 2 };
    }
    const params: IssueParams = { hint: 'Exactly one of header and proxy_protocol.', part: 'value' };
    context.issues.push({ code: 'custom', message: A_VIA, params, input: value });
    return z.NEVER;
  });

const pool = leaf('a range of IPv4 addresses such as 127.0.0.0/8', { type: 'string' }, (value) => {
  const match = typeof value === 'string' ? /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(value) : null;
  if (match === null) return unreadable('Write it as ADDRESS/PREFIX.');
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  if (octets.some((octet) => octet > 255) || prefix > 32) return unreadable('Octets go to 255, the prefix to 32.');
  return prefix > 24 ? unreadable('Exits lie in different /24s: the prefix is 24 or less.') : read({ address: octets.join('.'), prefix });
});

export const usersShape = mapping('a mapping with keys such as count, cookies and egress', {
  count: count(1, MANY, 'users')
    .prefault(100)
    .describe('Closed phases: users when a phase names no number. Open phases: most users at one time.'),
  cookies: mapping('a mapping with the key session', {
    session: cookieName.prefault('JSESSIONID').describe('Name of the session cookie.'),
  }).prefault({}),
  egress: nonEmptyList('egress policies', egressShare)
    .prefault([{ policy: 'fixed' }])
    .describe('Where the users come from: policies with their shares.'),
  via: via
    .optional()
    .describe('How an address is realised. Default: `bind` for a lab and for targets on this machine, else `{ header: X-Forwarded-For }`.'),
  pool: pool.prefault('127.0.0.0/8').describe('Range the exits are taken from.'),
});

/** Every policy's name, kept whole by the type. */
function policyNames(): string[] {
  const names: Readonly<Record<EgressPolicy['policy'], true>> = {
    fixed: true,
    same24: true,
    per_connection: true,
    per_request: true,
    switch: true,
    pingpong: true,
    shared: true,
  };
  return Object.keys(names);
}
