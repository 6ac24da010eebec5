import { describe, expect, it } from 'vitest';
import type { Entry } from '../model/entry.ts';
import { answered, lost, phase, refused, setupOf } from './histories.ts';
import { analyzerLaws } from './laws.ts';
import { requests } from './requests.ts';

analyzerLaws(requests);

const finish = (entries: readonly Entry[]) => {
  const state = requests.init(setupOf());
  for (const entry of entries) requests.step(state, entry);
  return requests.finish(state);
};

const told = (entries: readonly Entry[], inPhase?: string) =>
  finish(entries)
    .measures.filter(({ labels }) => labels['phase'] === inPhase)
    .map(({ name, labels, value }) => `${name}${labels['reason'] === undefined ? '' : ` ${labels['reason']}`} ${value}`);

describe('requests', () => {
  const history = [
    ...phase('warm-up', 0, 5, true),
    { ...answered([0, 1], 'A', null), phase: 'warm-up' },
    ...phase('steady', 5, 15),
    answered([5, 6], 'A', null),
    answered([6, 7], 'A', null),
    answered([7, 8], 'A', null, { status: 404, met: false }),
    answered([7, 8], 'A', null, { status: 502, met: false }),
    answered([7, 8], 'A', null, { status: 200, met: false }),
    answered([7, 8], 'A', null, { status: 503, met: true }),
    lost([8, 9], null, 'reset'),
    lost([8, 9], null, 'timeout'),
    refused(9, null),
  ];

  it('are counted by what is known of their execution, and why', () => {
    expect(told(history)).toEqual([
      'requests.total 9',
      'requests.ok 3',
      'requests.failed 2',
      'requests.failed connection-refused 1',
      'requests.failed status-404 1',
      'requests.unknown 4',
      'requests.unknown reset 1',
      'requests.unknown status-502 1',
      'requests.unknown timeout 1',
      'requests.unknown unmet 1',
      'throughput.ok 0.3',
    ]);
  });

  it('of the warm-up count for that phase alone', () => {
    expect(told(history, 'warm-up')).toEqual([
      'requests.total 1',
      'requests.ok 1',
      'requests.failed 0',
      'requests.unknown 0',
      'throughput.ok 0.2',
    ]);
  });

  it('have no throughput while the phase has no end', () => {
    expect(told([...phase('steady', 5, 15).slice(0, 1), answered([5, 6], 'A', null)]).at(-1)).toBe('throughput.ok null');
  });

  it('have the throughput of the phases that ended, when the record was cut in a later one', () => {
    const later = { ...answered([16, 17], 'A', null), phase: 'cut' };
    const history = [...phase('steady', 5, 15), answered([5, 6], 'A', null), ...phase('cut', 15, 99).slice(0, 1), later];
    expect(told(history).at(-1)).toBe('throughput.ok 0.1');
  });

  it('raise a blocking doubt when there were none', () => {
    expect(finish([...phase('steady', 0, 1)]).doubts.map(({ code, blocking }) => ({ code, blocking }))).toEqual([
      { code: 'no-requests', blocking: true },
    ]);
  });
});
