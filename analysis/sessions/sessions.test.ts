import { describe, expect, it } from 'vitest';
import { type Entry, instant } from '../../model/entry.ts';
import type { Setup } from '../../model/setup.ts';
import { answered, fault, lost, refused, setupOf } from '../histories.ts';
import { analyzerLaws } from '../laws.ts';
import { sessions } from './sessions.ts';

analyzerLaws(sessions);

/** What the analyzer says of a history, zeros and splits left out. */
function said(entries: readonly Entry[], setup: Setup = setupOf()): Record<string, number> {
  const state = sessions.init(setup);
  for (const entry of [...entries].sort((a, b) => instant(a) - instant(b))) sessions.step(state, entry);
  const told: Record<string, number> = {};
  for (const { name, labels, value } of sessions.finish(state).measures) {
    const split = 'key' in labels || 'window' in labels || 'fault' in labels;
    const label = labels['cause'] ?? labels['group'];
    if (value !== null && value !== 0 && !split) told[label === undefined ? name : `${name} ${label}`] = Number(value.toFixed(4));
  }
  return told;
}

function evidence(entries: readonly Entry[], setup: Setup = setupOf()): readonly string[] {
  const state = sessions.init(setup);
  for (const entry of [...entries].sort((a, b) => instant(a) - instant(b))) sessions.step(state, entry);
  return sessions.finish(state).evidence.map((one) => one.text);
}

const X = 'x.A';
const first = answered([0, 1], 'A', null, { set: X, counter: 1 }, { op: 'write' });
const moved = answered([2, 3], 'B', X, { set: 'y.B', counter: 1 }, { op: 'write' });

describe('the micro-histories', () => {
  it('1: find nothing wrong with a session that stays', () => {
    const history = [first, answered([2, 3], 'A', X, { counter: 2 }, { op: 'write' })];
    expect(said(history)).toEqual({
      'affinity.eligible': 1,
      'affinity.raw': 1,
      'affinity.correctness': 1,
      'affinity.sticky_users': 1,
      'session.created': 1,
    });
  });

  it('2: find a violation and a spurious loss when a session is replaced elsewhere while its home is up', () => {
    expect(said([first, moved])).toEqual({
      'affinity.eligible': 1,
      'affinity.violations': 1,
      'session.created': 2,
      'session.lost': 1,
      'session.lost spurious': 1,
    });
    expect(evidence([first, moved])).toEqual([
      'user 0 carried session x.A, made on A at 1.000 s; at 3.000 s GET /visit was answered by B although A was up',
      'user 0 carried session x.A, made on A at 1.000 s; at 3.000 s GET /visit was answered by B with a new session although nothing was hurt',
    ]);
  });

  it('3: excuse the miss and call the loss failover when the home is down', () => {
    const history = [first, ...fault('A', 1.5), moved];
    expect(said(history)).toEqual({
      'affinity.eligible': 1,
      'affinity.justified': 1,
      'affinity.sticky_users': 1,
      'session.created': 2,
      'session.lost': 1,
      'session.lost failover': 1,
      'session.loss_rate hurt': 1,
    });
    expect(evidence(history)).toEqual([
      'user 0 carried session x.A, made on A at 1.000 s; at 3.000 s GET /visit was answered by B with a new session: A was hurt (kill) at 1.500 s',
    ]);
  });

  it('4: find a violation and a failback loss when the old home takes its users back', () => {
    const back = answered([20, 21], 'A', 'y.B', { set: 'z.A', counter: 1 }, { op: 'write' });
    expect(said([first, ...fault('A', 1.5, 15), moved, back])).toEqual({
      'affinity.eligible': 2,
      'affinity.justified': 1,
      'affinity.violations': 1,
      'affinity.switches': 1,
      'session.created': 3,
      'session.lost': 2,
      'session.lost failover': 1,
      'session.lost failback': 1,
      'session.loss_rate hurt': 1,
    });
  });

  it('5: count one loss, two echoes and two orphans when three requests were in flight', () => {
    const inFlight = ['y1.B', 'y2.B', 'y3.B'].map((set, seq) => answered([5, 6], 'B', X, { set }, { seq }));
    expect(said([first, ...fault('A', 4), ...inFlight])).toEqual({
      'affinity.eligible': 3,
      'affinity.justified': 3,
      'affinity.sticky_users': 1,
      'session.created': 4,
      'session.lost': 1,
      'session.lost failover': 1,
      'session.echoes': 2,
      'session.orphans': 2,
      'session.loss_rate hurt': 1,
    });
  });

  it('10: see no loss when only the route is renamed, and move the binding', () => {
    const renamed = answered([2, 3], 'B', X, { set: 'x.B' });
    const stays = answered([4, 5], 'B', 'x.B');
    expect(said([first, ...fault('A', 1.5, 1.8), renamed, stays])).toEqual({
      'affinity.eligible': 2,
      'affinity.justified': 1,
      'affinity.raw': 0.5,
      'affinity.correctness': 1,
      'affinity.sticky_users': 1,
      'session.created': 1,
    });
  });

  it('11: count a fork and its orphan, not a loss, when two requests without a cookie overlap', () => {
    const p = answered([0, 1], 'A', null, { set: 'p.A' });
    const q = answered([0.5, 1.5], 'B', null, { set: 'q.B' });
    expect(said([p, q])).toEqual({ 'session.created': 2, 'session.forks': 1, 'session.orphans': 1 });
  });

  it('13: see a session made anew under its old id', () => {
    const seven = answered([0, 1], 'A', null, { set: X, counter: 7 }, { op: 'write' });
    const again = answered([2, 3], 'B', X, { set: X, counter: 1 }, { op: 'write' });
    const history = [seven, ...fault('A', 1.5), again];
    expect(said(history)).toEqual({
      'affinity.eligible': 1,
      'affinity.justified': 1,
      'affinity.sticky_users': 1,
      'session.created': 1,
      'session.lost': 1,
      'session.lost failover': 1,
      'session.loss_rate hurt': 1,
    });
    expect(evidence(history)[0]).toContain('with a new, empty session under the same id');
  });
});

describe('evidence of loss', () => {
  const losses = (entries: readonly Entry[], setup = setupOf()) => said(entries, setup)['session.lost'] ?? 0;

  it('takes the word of the page that it created a session', () => {
    expect(losses([first, answered([2, 3], 'A', X, { created: true, set: 'y.A' })])).toBe(1);
    expect(losses([first, answered([2, 3], 'A', X, { created: false })])).toBe(0);
  });

  it('reads a repeated Set-Cookie of the same value as a new session only where the profile is tomcat and the page is silent', () => {
    const repeated = answered([2, 3], 'A', X, { set: X });
    expect(losses([first, repeated])).toBe(1);
    expect(losses([first, repeated], setupOf({ profile: 'generic' }))).toBe(0);
    expect(losses([first, answered([2, 3], 'A', X, { set: X, created: false })])).toBe(0);
  });

  it('sees a deleted cookie, another id in effect, a counter back at its start and a session without owner', () => {
    const owned = answered([0, 1], 'A', null, { set: X, counter: 1, owner: 'n' }, { op: 'write' });
    expect(losses([owned, answered([2, 3], 'A', X, { deleted: true, owner: 'n' })])).toBe(1);
    expect(losses([owned, answered([2, 3], 'A', X, { effective: 'z.A', owner: 'n' })])).toBe(1);
    expect(losses([owned, answered([2, 3], 'A', X, { counter: 0, owner: 'n' })])).toBe(1);
    expect(losses([owned, answered([2, 3], 'A', X, { counter: 1 })])).toBe(1);
    expect(losses([owned, answered([2, 3], 'A', X, { counter: 1, owner: 'n' })])).toBe(0);
  });

  it('does not take the id change of a login for a loss, unless the page made a new session', () => {
    const login = (created: boolean) => answered([2, 3], 'A', X, { set: 'y.A', created }, { op: 'rotate' });
    expect(losses([first, login(false)])).toBe(0);
    expect(losses([first, login(true)])).toBe(1);
  });

  it('does not judge a session after its logout', () => {
    const logout = answered([2, 3], 'A', X, {}, { op: 'logout' });
    expect(said([first, logout, answered([4, 5], 'A', X, { set: 'y.A', created: true })])).toEqual({
      'affinity.eligible': 1,
      'affinity.raw': 1,
      'affinity.correctness': 1,
      'affinity.sticky_users': 1,
      'session.created': 2,
    });
  });

  it('still judges a session after a logout that was surely not executed', () => {
    const refusedLogout = answered([2, 3], 'A', X, { status: 403, met: false }, { op: 'logout' });
    expect(losses([first, refusedLogout, answered([4, 5], 'A', X, { set: 'y.A', created: true })])).toBe(1);
  });

  it('does not judge a session that the answer deleted a second time', () => {
    const deleted = answered([2, 3], 'A', X, { deleted: true });
    expect(said([first, deleted, answered([4, 5], 'A', X, { created: true })])['session.lost']).toBe(1);
    expect(said([first, deleted, answered([4, 5], 'A', X, { created: true })])['session.echoes']).toBeUndefined();
  });

  it('calls a session that was idle to its timeout expired, not lost', () => {
    const late = answered([1801, 1802], 'A', X, { set: 'y.A', created: true });
    expect(said([first, late])).toEqual({ 'session.created': 2, 'session.expired': 1 });
  });

  it('judges no request that failed', () => {
    expect(losses([first, answered([2, 3], 'B', X, { status: 502, met: false, set: 'y.B' })])).toBe(0);
    expect(losses([first, lost([2, 3], X), refused(4, X)])).toBe(0);
  });

  it('knows nothing of sessions that it did not see being made', () => {
    expect(losses([answered([2, 3], 'B', 'old.A', { set: 'y.B', created: true })])).toBe(0);
  });
});

describe('causes', () => {
  const cause = (entries: readonly Entry[], setup = setupOf()) =>
    Object.keys(said(entries, setup))
      .filter((key) => key.startsWith('session.lost '))
      .map((key) => key.slice('session.lost '.length));

  it('blames the store before anything else', () => {
    expect(cause([first, ...fault('store', 1.2, 1.4), ...fault('A', 1.5, null, 1), moved])).toEqual(['store']);
  });

  it('blames failover when the home was down at any time since the last ok request', () => {
    expect(cause([first, ...fault('A', 1.2, 1.4), moved])).toEqual(['failover']);
    const long = answered([20, 21], 'B', 'l.A', { set: 'y.B' });
    const made = answered([12, 13], 'A', null, { set: 'l.A' });
    expect(cause([...fault('A', 0.2, 0.4), made, long])).toEqual(['spurious']);
  });

  it('blames failover too while the balancer may still be shunning a home that is back', () => {
    expect(cause([...fault('A', 0.2, 0.4), first, moved])).toEqual(['failover']);
  });

  it('blames egress when the address key changed and the balancer goes by address', () => {
    const elsewhere = answered([2, 3], 'B', X, { set: 'y.B' }, { egress: '127.0.2.1' });
    expect(cause([first, elsewhere])).toEqual(['egress']);
    expect(cause([first, elsewhere], setupOf({ strategy: 'jvm_route' }))).toEqual(['spurious']);
    const sameNet = answered([2, 3], 'B', X, { set: 'y.B' }, { egress: '127.0.1.9' });
    expect(cause([first, sameNet])).toEqual(['spurious']);
  });

  it('knows no failback where the route decides', () => {
    const away = answered([2, 3], 'B', X, { set: 'y.B' });
    const back = answered([30, 31], 'A', 'y.B', { set: 'z.A' });
    const history = [first, ...fault('A', 1.5, 15), away, back];
    expect(cause(history)).toEqual(['failover', 'failback']);
    expect(cause(history, setupOf({ strategy: 'jvm_route' }))).toEqual(['failover', 'spurious']);
  });

  it('knows a failback to a home that was still being shunned when the session was made elsewhere', () => {
    const away = answered([16, 17], 'B', null, { set: 'w.B' });
    const back = answered([27, 28], 'A', 'w.B', { set: 'v.A' });
    expect(cause([...fault('A', 2, 15), away, back])).toEqual(['failback']);
    expect(cause([...fault('A', 2, 4), away, back])).toEqual(['spurious']);
  });

  it('blames the race with a login that changed the id', () => {
    const login = answered([2, 2.5], 'A', X, { set: 'y.A', created: false }, { op: 'rotate' });
    const beside = answered([2.2, 2.8], 'A', X, { set: 'z.A', created: true });
    expect(cause([first, login, beside])).toEqual(['rotation_race']);
  });

  it('blames overload when a request of the user timed out since his last ok one', () => {
    expect(cause([first, lost([1.2, 1.9], X), moved])).toEqual(['overload']);
  });
});

describe('affinity', () => {
  it('leaves warm-up out, but not its losses', () => {
    const warm = (entry: typeof first) => ({ ...entry, phase: 'warm-up' });
    expect(said([warm(first), warm(moved)])).toEqual({ 'session.created': 2, 'session.lost': 1, 'session.lost spurious': 1 });
  });

  it('excuses misses until the balancer may have noticed that the home is back: fail_timeout and a second', () => {
    const history = (sent: number) => [first, ...fault('A', 1.5, 5), answered([sent, sent + 0.1], 'B', X)];
    expect(said(history(16))['affinity.justified']).toBe(1);
    expect(said(history(16.1))['affinity.violations']).toBe(1);
  });

  it('splits by whether the address key is still that of the creating request', () => {
    const state = sessions.init(setupOf());
    const roaming = answered([2, 3], 'B', X, {}, { egress: '127.0.2.1' });
    for (const entry of [first, roaming, answered([4, 5], 'A', X)]) sessions.step(state, entry);
    const split = sessions.finish(state).measures.filter(({ name, labels }) => name === 'affinity.correctness' && 'key' in labels);
    expect(split.map(({ labels, value, n }) => ({ ...labels, value, n }))).toEqual([
      { key: 'same', value: 1, n: 1 },
      { key: 'changed', value: 0, n: 1 },
    ]);
  });

  it('has no correctness where any backend serves any session', () => {
    const history = [first, answered([2, 3], 'B', X)];
    const redis = setupOf({ strategy: 'redis_session', sessions: 'shared' });
    expect(said(history, redis)).toEqual({ 'affinity.eligible': 1, 'session.created': 1 });
    expect(evidence(history, redis)).toEqual([]);
  });

  it('is not observable when no answer names its backend', () => {
    const state = sessions.init(setupOf());
    for (const entry of [answered([0, 1], null, null, { set: X }), answered([2, 3], null, X)]) sessions.step(state, entry);
    const told = sessions.finish(state);
    const affinity = told.measures.filter(({ name, labels }) => name.startsWith('affinity.') && !('key' in labels));
    expect(affinity.map(({ value, bound }) => ({ value, bound }))).toEqual(Array(7).fill({ value: null, bound: 'not observable' }));
    expect(told.doubts.map(({ code }) => code)).toEqual(['no-backend']);
  });
});

describe('two faults', () => {
  const rates = (entries: readonly Entry[], setup = setupOf({ strategy: 'jvm_route' })) => {
    const state = sessions.init(setup);
    for (const entry of [...entries].sort((a, b) => instant(a) - instant(b))) sessions.step(state, entry);
    return sessions
      .finish(state)
      .measures.filter(({ name, labels }) => name === 'session.loss_rate' && labels['fault'] !== undefined)
      .map(({ labels, value }) => `${labels['fault']} ${labels['group']} ${value}`);
  };
  const onB = answered([0, 1], 'B', null, { set: 'b.B' }, { user: 1 });

  it('are each blamed for their own losses only', () => {
    const history = [
      first,
      onB,
      ...fault('A', 2, 4, 0, 'pause'),
      answered([5, 6], 'A', X),
      ...fault('A', 20, null, 1),
      answered([22, 23], 'B', X, { set: 'y.B' }),
      answered([22, 23], 'B', 'b.B', {}, { user: 1 }),
    ];
    expect(rates(history)).toEqual(['0 hurt 0', '0 control 0', '1 hurt 1', '1 control 0']);
  });

  it('in a row do not count against each other as control', () => {
    const history = [
      first,
      onB,
      ...fault('A', 2, 10),
      answered([3, 4], 'B', X, { set: 'y.B' }),
      answered([3, 4], 'B', 'b.B', {}, { user: 1 }),
      ...fault('B', 15, 25, 1),
      answered([16, 17], 'A', 'b.B', { set: 'z.A' }, { user: 1 }),
      answered([16, 17], 'A', 'y.B', { set: 'q.A' }),
    ];
    expect(rates(history)).toEqual(['0 hurt 1', '0 control 0', '1 hurt 1', '1 control null']);
  });

  it('have no groups when nobody is at home on what was hurt', () => {
    expect(rates([first, ...fault('store', 2, 3), answered([4, 5], 'A', X)])).toEqual([]);
  });
});

describe('loss rate of a fault', () => {
  const user = (index: number, home: string) => answered([0, 1], home, null, { set: `s${index}.${home}` }, { user: index });
  const later = (index: number, home: string, backend: string, set: string | null) =>
    answered([11, 12], backend, `s${index}.${home}`, { set }, { user: index });

  it('sets the users of the hurt backend against all others', () => {
    const state = sessions.init(setupOf({ strategy: 'jvm_route' }));
    const made = [user(0, 'A'), user(1, 'A'), user(2, 'A'), user(3, 'B'), user(4, 'B')];
    const after = [later(0, 'A', 'B', 'n0.B'), later(1, 'A', 'A', null), later(3, 'B', 'B', null), later(4, 'B', 'A', 'n4.A')];
    for (const entry of [...made, ...fault('A', 10, 20), ...after].sort((a, b) => instant(a) - instant(b))) sessions.step(state, entry);
    const told = sessions.finish(state).measures.filter(({ labels }) => labels['fault'] === '0');
    expect(told.map(({ name, labels, value, n }) => [name, labels['group'] ?? '', value, n])).toEqual([
      ['session.loss_rate', 'hurt', 0.5, 2],
      ['session.loss_rate', 'control', 0.5, 2],
      ['session.dormant', '', 1, 3],
    ]);
  });
});
