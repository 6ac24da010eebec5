import { describe, expect, it } from 'vitest';
import type { Entry, FaultEvent } from '../model/entry.ts';
import type { Fault, FaultAction, Injector } from '../model/fault.ts';
import { MILLISECOND, SECOND } from '../model/units.ts';
import { get, play, think, workload } from './fixtures/fake-world.ts';

const FLOW = [get('/'), think(100 * MILLISECOND)];
const kill: FaultAction = { kind: 'kill', target: 'a' };
const exec: FaultAction = { kind: 'exec', target: '', run: 'docker stop a', undo: 'docker start a' };

function fault(action: FaultAction, at: number, duration: number | null = null): Fault {
  return { at: at * MILLISECOND, duration: duration === null ? null : duration * MILLISECOND, action };
}

/** Notes what is asked of it. */
function injector(calls: string[], rest: Partial<Injector> = {}): Injector {
  return {
    async inflict({ action }) {
      calls.push(`inflict ${action.kind}`);
      return `did ${action.kind}`;
    },
    async relieve({ action }) {
      calls.push(`relieve ${action.kind}`);
      return `undid ${action.kind}`;
    },
    ...rest,
  };
}

const steps = (entries: readonly Entry[]) =>
  entries
    .filter((entry): entry is FaultEvent => entry.kind === 'fault')
    .map(({ at, fault: index, stage, detail }) => [at / MILLISECOND, index, stage, detail]);

describe('faults', () => {
  it('are inflicted and relieved on time, each step an entry', async () => {
    const calls: string[] = [];
    const faults = [fault(kill, 300, 200), fault({ kind: 'pause', target: 'b' }, 200)];
    const { entries } = await play(workload(FLOW, { faults }), () => ({}), { injector: injector(calls) });
    expect(entries.filter(({ kind }) => kind === 'fault')[1]).toEqual({
      kind: 'fault',
      at: 300_000,
      fault: 0,
      action: 'kill',
      target: 'a',
      stage: 'began',
      detail: 'SIGKILL a',
    });
    expect(steps(entries)).toEqual([
      [200, 1, 'began', 'SIGSTOP b'],
      [300, 0, 'began', 'SIGKILL a'],
      [500, 0, 'ending', 'did kill'],
      [500, 0, 'ended', 'undid kill'],
    ]);
    expect(calls).toEqual(['inflict pause', 'inflict kill', 'relieve kill']);
  });

  it('begin before anything they cause: the entry stands before the call', async () => {
    const order: string[] = [];
    const noting = injector([], {
      async inflict() {
        order.push('inflicted');
        return '';
      },
    });
    const onEntry = (entry: Entry) => {
      if (entry.kind === 'fault') order.push(entry.stage);
    };
    await play(workload(FLOW, { faults: [fault(kill, 100)] }), () => ({}), { injector: noting, onEntry });
    expect(order).toEqual(['began', 'inflicted']);
  });

  it('have their recovery noted after the damage is done and before it is asked for, whatever they are', async () => {
    for (const [action, duration] of [
      [{ kind: 'restart', target: 'a' }, null],
      [kill, 0],
      [exec, 200],
    ] as const) {
      const order: string[] = [];
      const noting: Injector = {
        async inflict() {
          order.push('inflict');
          await new Promise((resolve) => setImmediate(resolve));
          order.push('inflicted');
          return '';
        },
        async relieve() {
          order.push('relieve');
          await new Promise((resolve) => setImmediate(resolve));
          order.push('relieved');
          return '';
        },
      };
      const onEntry = (entry: Entry) => {
        if (entry.kind === 'fault') order.push(entry.stage);
      };
      await play(workload(FLOW, { faults: [fault(action, 100, duration)] }), () => ({}), { injector: noting, onEntry });
      expect(order).toEqual(['began', 'inflict', 'inflicted', 'ending', 'relieve', 'relieved', 'ended']);
    }
  });

  it('fail the run with what the taker of entries throws, at any step', async () => {
    const failing = injector([], {
      inflict: ({ action }) => (action.kind === 'stop' ? Promise.reject(new Error('no')) : Promise.resolve('')),
    });
    const thrown = async (stage: FaultEvent['stage'], action: FaultAction, given: Injector | null, duration: number | null = 100) => {
      const onEntry = (entry: Entry) => {
        if (entry.kind === 'fault' && entry.stage === stage) throw new Error(`disk full at ${stage}`);
      };
      await play(workload(FLOW, { faults: [fault(action, 100, duration)] }), () => ({}), { injector: given, onEntry });
    };
    await expect(thrown('began', kill, failing)).rejects.toThrow('disk full at began');
    await expect(thrown('ending', kill, failing)).rejects.toThrow('disk full at ending');
    await expect(thrown('ended', kill, failing)).rejects.toThrow('disk full at ended');
    await expect(thrown('failed', { kind: 'stop', target: 'a' }, failing)).rejects.toThrow('disk full at failed');
    await expect(thrown('failed', kill, null)).rejects.toThrow('disk full at failed');
    const undoes = injector([], { relieve: () => Promise.reject(new Error('no')) });
    await expect(thrown('failed', exec, undoes, null)).rejects.toThrow('disk full at failed');
  });

  it('heal by themselves after a restart', async () => {
    const { entries } = await play(workload(FLOW, { faults: [fault({ kind: 'restart', target: 'a' }, 100)] }), () => ({}), {
      injector: injector([]),
    });
    expect(steps(entries)).toEqual([
      [100, 0, 'began', 'SIGTERM a, and start it again'],
      [100, 0, 'ending', 'did restart'],
      [100, 0, 'ended', 'undid restart'],
    ]);
  });

  it('fail with the reason, when done or when undone, and when nothing can inflict them', async () => {
    const broken = injector([], {
      inflict: ({ action }) => (action.kind === 'stop' ? Promise.reject(new Error('no such process')) : Promise.resolve('done')),
      relieve: () => Promise.reject(new Error('did not come back')),
    });
    const faults = [fault({ kind: 'stop', target: 'a' }, 100, 100), fault(kill, 300, 100)];
    const { entries } = await play(workload(FLOW, { faults }), () => ({}), { injector: broken });
    expect(steps(entries)).toEqual([
      [100, 0, 'began', 'SIGTERM a'],
      [100, 0, 'failed', 'no such process'],
      [300, 1, 'began', 'SIGKILL a'],
      [400, 1, 'ending', 'done'],
      [400, 1, 'failed', 'did not come back'],
    ]);
    const without = await play(workload(FLOW, { faults: [fault(kill, 100)] }), () => ({}));
    expect(steps(without.entries)).toEqual([
      [100, 0, 'began', 'SIGKILL a'],
      [100, 0, 'failed', 'nothing here can inflict faults'],
    ]);
  });

  it("undo exec and http faults on the user's own deployment when the run ends, finished or aborted", async () => {
    const http: FaultAction = {
      kind: 'http',
      target: 'a',
      request: { method: 'POST', url: 'http://u:pw@ops.test/off?api_key=SECRET' },
      undo: { method: 'POST', url: 'http://ops.test/on' },
    };
    const faults = [fault(exec, 100), fault(http, 200), fault(kill, 300), fault({ ...exec, undo: null }, 400)];
    for (const abortAt of [undefined, 500 * MILLISECOND]) {
      const calls: string[] = [];
      const { entries } = await play(workload(FLOW, { faults }), () => ({}), {
        injector: injector(calls),
        ...(abortAt === undefined ? {} : { abortAt }),
      });
      expect(calls).toEqual(['inflict exec', 'inflict http', 'inflict kill', 'inflict exec', 'relieve exec', 'relieve http']);
      expect(steps(entries)[1]).toEqual([200, 1, 'began', 'POST http://ops.test/off']);
    }
  });

  it('undo an exec fault whose command failed half way, and say so when that fails too', async () => {
    const calls: string[] = [];
    const broken = injector(calls, {
      inflict: () => Promise.reject(new Error('exit code 1')),
      async relieve() {
        calls.push('relieve');
        throw new Error('exit code 2');
      },
    });
    const { entries } = await play(workload(FLOW, { faults: [fault(exec, 100, 100)] }), () => ({}), { injector: broken });
    expect(calls).toEqual(['relieve']);
    expect(steps(entries)).toEqual([
      [100, 0, 'began', 'exec docker stop a'],
      [100, 0, 'failed', 'exit code 1'],
      [1000, 0, 'failed', 'exit code 2'],
    ]);
  });

  it('are given up when their undo takes longer than two steps may, and say what is to be done by hand', async () => {
    const http: FaultAction = {
      kind: 'http',
      target: 'a',
      request: { method: 'POST', url: 'http://ops.test/off' },
      undo: { method: 'POST', url: 'http://u:pw@ops.test/on?api_key=SECRET' },
    };
    const stuck = injector([], { relieve: () => new Promise(() => {}) });
    const faults = [fault(exec, 100), fault(http, 200), fault(kill, 300), fault({ ...exec, undo: null }, 400)];
    const { entries, end } = await play(workload(FLOW, { faults }), () => ({}), { injector: stuck });
    expect(end).toBe('finished');
    const why = 'the undo was not over 150 s after the run; by hand:';
    expect(steps(entries).filter(([, , stage]) => stage === 'failed')).toEqual([
      [151_000, 0, 'failed', `${why} docker start a`],
      [151_000, 1, 'failed', `${why} POST http://ops.test/on`],
    ]);
  });

  it('are undone after an interruption, and given up when it comes while they are undone', async () => {
    const calls: string[] = [];
    const slow = injector(calls, {
      relieve: () => {
        calls.push('relieve');
        return new Promise(() => {});
      },
    });
    const faults = [fault(exec, 100)];
    const during = await play(workload(FLOW, { faults }), () => ({}), { injector: slow, abortAt: 9 * SECOND });
    expect([during.end, calls]).toEqual(['interrupted', ['inflict exec', 'relieve']]);
    expect(steps(during.entries)[1]).toEqual([
      9_000,
      0,
      'failed',
      'the run was interrupted before the undo was over; by hand: docker start a',
    ]);
    const before = await play(workload(FLOW, { faults }), () => ({}), { injector: slow, abortAt: SECOND / 2 });
    expect(before.end).toBe('interrupted');
    expect(steps(before.entries)[1]).toEqual([150_500, 0, 'failed', 'the undo was not over 150 s after the run; by hand: docker start a']);
  });

  it('are not undone any more once they are given up in the midst of being inflicted', async () => {
    const calls: string[] = [];
    let inflicted = () => {};
    const slow = injector(calls, {
      inflict: () =>
        new Promise((resolve) => {
          inflicted = () => resolve('');
        }),
    });
    await play(workload(FLOW, { faults: [fault(exec, 100)] }), () => ({}), { injector: slow });
    inflicted();
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual([]);
  });

  it('never begin when they are planned after the end', async () => {
    const { entries } = await play(workload(FLOW, { faults: [fault(kill, 2 * (SECOND / MILLISECOND))] }), () => ({}), {
      injector: injector([]),
    });
    expect(steps(entries)).toEqual([]);
  });
});
