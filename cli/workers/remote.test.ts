import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StickyError } from '../../model/errors.ts';
import type { Batch } from '../../results/record/batch.ts';
import { carried } from './carried-error.ts';
import type { Ear } from './link.ts';
import type { Assignment, Order } from './messages.ts';
import { employ } from './remote.ts';

/** A worker whose part the test plays. */
function puppet() {
  const orders: Order['kind'][] = [];
  const lost: string[] = [];
  const ends: string[] = [];
  const batches: Batch[] = [];
  let ear: Ear | null = null;
  const worker = employ(
    (given) => {
      ear = given;
      return {
        send: ({ kind }) => orders.push(kind),
        ended: async () => void ends.push('waited for'),
        kill: async () => void ends.push('killed'),
      };
    },
    { shard: { index: 1, of: 3 } } as Assignment,
    {
      onBatch: (batch) => batches.push(batch),
      onLost: (reason) => lost.push(reason),
      onLeft: () => ends.push('left'),
    },
  );
  if (ear === null) throw new Error('no line was opened');
  return { worker, orders, lost, ends, batches, ...(ear as Ear) };
}

const state = { requests: 1 };

describe('a worker', () => {
  it('is given its assignment at once, and answers in turn', async () => {
    const { worker, orders, word, ends, batches } = puppet();
    word({ kind: 'ready' });
    await worker.ready;
    const held = worker.hold();
    word({ kind: 'held', last: 71 });
    expect(await held).toBe(71);
    const batch = { count: 3 } as Batch;
    word({ kind: 'batch', batch });
    expect(batches).toEqual([batch]);
    word({ kind: 'drained' });
    await worker.drained;
    const done = worker.dismiss();
    word({ kind: 'done', state });
    expect(await done).toEqual(state);
    await worker.end();
    expect(orders).toEqual(['prepare', 'hold', 'dismiss']);
    expect(ends).toEqual(['left', 'waited for']);
  });

  it('that is gone too early is lost: nobody waits for it, and what comes from it late is not heard', async () => {
    const { worker, orders, lost, ends, word, gone } = puppet();
    const waiting = [worker.ready, worker.drained, worker.hold(), worker.look()];
    gone('SIGKILL');
    gone('exit code 0');
    expect(await Promise.all(waiting)).toEqual([undefined, undefined, null, null]);
    word({ kind: 'done', state });
    expect([await worker.hold(), await worker.look(), await worker.dismiss()]).toEqual([null, null, null]);
    expect([worker.lost, lost]).toEqual(['SIGKILL', ['SIGKILL']]);
    await worker.end();
    expect(ends).toEqual(['left', 'killed']);
    expect(orders).toEqual(['prepare', 'hold', 'look', 'dismiss']);
  });

  it('that has said its last word is not lost when it goes', async () => {
    const { worker, lost, word, gone } = puppet();
    word({ kind: 'done', state });
    gone('exit code 0');
    expect([worker.lost, lost, await worker.dismiss()]).toEqual([null, [], state]);
  });

  it('that is ended before its last word is killed, and not called lost', async () => {
    const { worker, lost, ends, gone } = puppet();
    await worker.end();
    gone('exit code 1');
    expect([worker.lost, lost, ends]).toEqual([null, [], ['killed']]);
  });

  it('that could not run says why, in the words and with the code of its own error', async () => {
    const { worker, lost, word } = puppet();
    const error = new StickyError('EGRESS_POOL_SMALL', 'too few', 'take more');
    word({ kind: 'failed', error: structuredClone(carried(error)) });
    const told = await worker.ready.catch((caught: unknown) => caught);
    expect(told).toBeInstanceOf(StickyError);
    expect(told).toMatchObject({ code: 'EGRESS_POOL_SMALL', message: 'too few', hint: 'take more' });
    await expect(worker.drained).rejects.toBe(told);
    expect([worker.lost, lost]).toEqual([null, []]);
  });

  it('that broke says so with its stack', async () => {
    const { worker, word } = puppet();
    const error = new TypeError('undefined is not a function');
    word({ kind: 'failed', error: structuredClone(carried(error)) });
    const told = await worker.drained.catch((caught: unknown) => caught);
    expect(told).toMatchObject({ message: 'undefined is not a function', stack: error.stack });
  });
});

describe('a worker that hangs', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is given up and killed when it does not hold its entries for half a minute', async () => {
    const { worker, lost, ends } = puppet();
    const held = worker.hold();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await held).toBe(null);
    expect([lost, ends]).toEqual([['no answer for 30 s'], ['left', 'killed']]);
  });
});
