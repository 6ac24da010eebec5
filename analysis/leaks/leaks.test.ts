import { describe, expect, it } from 'vitest';
import type { Entry } from '../../model/entry.ts';
import { answered, setupOf } from '../histories.ts';
import { analyzerLaws } from '../laws.ts';
import { leaks } from './leaks.ts';

analyzerLaws(leaks);

const finish = (entries: readonly Entry[]) => {
  const state = leaks.init(setupOf());
  for (const entry of entries) leaks.step(state, entry);
  return leaks.finish(state);
};

const told = (entries: readonly Entry[]) => finish(entries).measures.map(({ value, bound, sight }) => ({ value, bound, sight }));

describe('leaks', () => {
  it('are none while every user sees his own', () => {
    const own = [0, 1].map((user) => answered([user, user + 1], 'A', null, { set: `s${user}.A`, owner: `n${user}` }, { user }));
    expect(told(own)).toEqual([{ value: 0, bound: 'exact', sight: 'L3' }]);
  });

  it('are not observable where no answer shows an id or an owner', () => {
    expect(told([answered([0, 1], 'A', null)])).toEqual([{ value: null, bound: 'not observable', sight: 'L0' }]);
  });

  it("are the answers that show one user another's nonce", () => {
    const mine = answered([0, 1], 'A', null, { set: 's0.A', owner: 'n0' });
    const yours = [2, 3].map((at) => answered([at, at + 0.5], 'A', 's1.A', { owner: 'n0' }, { user: 1 }));
    expect(told([mine, ...yours])).toEqual([{ value: 2, bound: 'exact', sight: 'L3' }]);
    expect(finish([mine, ...yours]).evidence.map((one) => one.text)).toEqual([
      'user 1 was shown the session of user 0 at 2.500 s (2 answers); user 0 had it first, at 1.000 s',
    ]);
  });

  it('are seen from a session id set for two users, whatever its route, as a lower bound where the page is silent', () => {
    const twice = [0, 1].map((user) => answered([user, user + 1], 'A', null, { set: `same.${user}` }, { user }));
    expect(told(twice)).toEqual([{ value: 1, bound: 'lower', sight: 'L0' }]);
  });
});
