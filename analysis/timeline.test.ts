import { describe, expect, it } from 'vitest';
import type { Entry, FaultEvent } from '../model/entry.ts';
import { answered, fault, setupOf } from './histories.ts';
import { analyzerLaws } from './laws.ts';
import { timeline } from './timeline.ts';

analyzerLaws(timeline);

const run = (entries: readonly Entry[]) => {
  const state = timeline.init(setupOf());
  for (const entry of entries) timeline.step(state, entry);
  return state;
};

const failed = (at: number): FaultEvent => ({ ...(fault('A', at)[0] as FaultEvent), stage: 'failed', detail: 'no such process' });

describe('timeline', () => {
  it('tells each fault from its beginning to its end, and the last instant', () => {
    expect(run([...fault('A', 1, 2), answered([2, 3], 'A', null)])).toEqual({
      faults: [{ fault: 0, action: 'kill', target: 'A', began: 1_000_000, ending: 2_000_000, ended: 2_000_000, detail: 'kill A; kill A' }],
      failures: [],
      last: 3_000_000,
    });
  });

  it('tells what was done rather than what was planned, once that is known', () => {
    const [began, ending, ended] = fault('A', 1, 2) as [FaultEvent, FaultEvent, FaultEvent];
    const told = [
      { ...began, detail: 'SIGKILL A' },
      { ...ending, detail: 'SIGKILL pid 7' },
      { ...ended, detail: 'started pid 8' },
    ];
    expect([1, 2, 3].map((steps) => run(told.slice(0, steps)).faults[0]?.detail)).toEqual([
      'SIGKILL A',
      'SIGKILL pid 7',
      'SIGKILL pid 7; started pid 8',
    ]);
  });

  it('takes out a fault that could not be inflicted, and doubts the run', () => {
    const state = run([...fault('A', 1), failed(1.5)]);
    expect(state.faults).toEqual([]);
    expect(timeline.finish(state).doubts).toEqual([
      {
        code: 'fault-failed',
        blocking: true,
        text: 'The fault `kill A` could not be carried out at 1.500 s: no such process. What the run shows is not what was planned.',
      },
    ]);
  });

  it('keeps a fault whose recovery failed: it still holds', () => {
    const [began, ending] = fault('A', 1, 2) as [FaultEvent, FaultEvent];
    expect(run([began, ending, failed(3)]).faults.map(({ began: from, ended }) => ({ from, ended }))).toEqual([
      { from: 1_000_000, ended: null },
    ]);
  });
});
