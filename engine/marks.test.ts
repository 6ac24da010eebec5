import { describe, expect, it } from 'vitest';
import type { FaultEvent } from '../model/entry.ts';
import { createMarks, type Holder } from './marks.ts';

const STEP = { kind: 'fault', fault: 0, action: 'kill', target: 'a', stage: 'began', detail: '' } as const;

/** A worker that has come as far as `last`, and writes down what it is told. */
function holder(last: number | null, told: string[]): Holder {
  return {
    async hold() {
      told.push('hold');
      return last;
    },
    mark: ({ at, stage }) => told.push(`${stage} ${at}`),
    cut: (at) => told.push(`cut ${at}`),
  };
}

describe('marks', () => {
  it('are stamped later than the furthest worker has come, and not before now', async () => {
    const told: string[] = [];
    const workers = [holder(70, told), holder(50, []), holder(null, [])];
    await createMarks(
      workers,
      () => 60,
      () => {},
    ).note(STEP);
    await createMarks(
      workers,
      () => 90,
      () => {},
    ).cut();
    expect(told).toEqual(['hold', 'began 71', 'hold', 'cut 90']);
  });

  it('are stamped one after the other, also when they are asked for at once', async () => {
    const told: string[] = [];
    const stamped: FaultEvent[] = [];
    const marks = createMarks(
      [holder(10, told)],
      () => 20,
      (mark) => stamped.push(mark),
    );
    const both = [marks.note(STEP), marks.note({ ...STEP, stage: 'ended' })];
    await marks.settled();
    expect(told).toEqual(['hold', 'began 20', 'hold', 'ended 20']);
    expect(stamped).toEqual([
      { ...STEP, at: 20 },
      { ...STEP, at: 20, stage: 'ended' },
    ]);
    await Promise.all(both);
  });

  it('go on after one whose taker fails', async () => {
    const marks = createMarks(
      [holder(10, [])],
      () => 20,
      ({ stage }) => {
        if (stage === 'began') throw new Error('disk full');
      },
    );
    const first = marks.note(STEP);
    const second = marks.note({ ...STEP, stage: 'ended' });
    await expect(first).rejects.toThrow('disk full');
    await expect(second).resolves.toBeUndefined();
  });
});
