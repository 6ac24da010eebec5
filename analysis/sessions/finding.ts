// What the sessions analyzer has to say in the end.

import { CAUSES } from '../../model/cause.ts';
import type { Bound, Doubt, Finding, Measure, Sight } from '../../model/measure.ts';
import { wilson } from '../intervals.ts';
import { fraction, number, sampled } from '../measures.ts';
import { affinityMeasures } from './affinity.ts';
import { shelved } from './evidence.ts';
import { groupMeasures } from './fault-groups.ts';
import { hasHomes } from './loss.ts';
import type { SessionsState } from './state.ts';
import type { Ways } from './way.ts';

/** Measures, evidence and doubts of a state. */
export function findSessions(state: SessionsState): Finding {
  const measures = [...affinity(state), ...losses(state), ...groupMeasures(state.groups)];
  return { measures, evidence: shelved(state.shelf), doubts: doubts(state) };
}

function affinity({ setup, seen, ways, faults, affinity: counts }: SessionsState): readonly Measure[] {
  const homes = hasHomes(setup);
  return [...affinityMeasures(counts, seen.backend, homes, faults.length > 0), ...wayMeasures(ways, seen.backend, homes)];
}

function wayMeasures({ users, violators, switches }: Ways, seen: boolean, homes: boolean): readonly Measure[] {
  const sticky = users - violators;
  const all = [number('affinity.switches', {}, seen ? switches : null, 'L1')];
  if (homes) all.push(fraction('affinity.sticky_users', {}, sticky, users, wilson(sticky, users), 'L1'));
  return all;
}

/** Without the cooperative page only replaced sessions are seen: a lower bound. Without any session nothing is. */
function losses(state: SessionsState): readonly Measure[] {
  const { count, seen } = state;
  const sight: Sight = seen.page ? 'L3' : 'L0';
  const bound: Bound = seen.page ? 'exact' : 'lower';
  const watched = count.watched > 0;
  const told = (value: number): number | null => (watched ? value : null);
  const total = CAUSES.reduce((sum, cause) => sum + (state.losses[cause] ?? 0), 0);
  const lost = (value: number, labels: Record<string, string>): Measure => ({
    ...number(
      'session.lost',
      labels,
      told(value),
      sight,
      labels['cause'] === undefined ? bound : causeBound(state, labels['cause'], bound),
    ),
    n: count.watched,
  });
  return [
    sampled('session.created', {}, seen.session ? count.created : null, count.created),
    lost(total, {}),
    ...CAUSES.map((cause) => lost(state.losses[cause] ?? 0, { cause })),
    number('session.expired', {}, watched || count.expired > 0 ? count.expired : null, sight, bound),
    number('session.echoes', {}, told(count.echoes), sight, bound),
    number('session.forks', {}, seen.session ? count.forks : null),
    number('session.orphans', {}, seen.session ? count.orphans : null),
  ];
}

/** Without the names of backends no loss can be put down to a home that was hurt: what looks spurious may be that. */
function causeBound(state: SessionsState, cause: string, bound: Bound): Bound {
  return cause === 'spurious' && !state.seen.backend && state.faults.length > 0 ? 'upper' : bound;
}

function doubts(state: SessionsState): readonly Doubt[] {
  const found: Doubt[] = [];
  if (!state.seen.session) {
    const text = `No answer set the session cookie ${state.setup.sessionCookie}: nothing can be said about sessions. Check users.cookies.session.`;
    found.push({ code: 'no-session', blocking: false, text });
  }
  if (!state.seen.backend) {
    const text = 'No answer named its backend: affinity is not observable. Name a header or cookie under identify.backend.';
    found.push({ code: 'no-backend', blocking: false, text });
  }
  return found;
}
