import { describe, expect, it } from 'vitest';
import type { Entry, Exchange } from '../model/entry.ts';
import { instant } from '../model/entry.ts';
import { MILLISECOND, SECOND } from '../model/units.ts';
import { closed, get, loop, open, play, think, workload } from './fixtures/fake-world.ts';

const exchanges = (entries: readonly Entry[]): readonly Exchange[] => entries.filter((entry) => entry.kind === 'exchange');
const dues = (entries: readonly Entry[]): readonly number[] => exchanges(entries).map(({ due }) => due / MILLISECOND);

describe('a run', () => {
  it('hands over every entry, whole, in the order of the timeline', async () => {
    const flow = [get('/cart'), think(600 * MILLISECOND)];
    const { entries, end } = await play(workload(flow, { phases: [closed(1, 1, SECOND), closed(1, 1, SECOND, 'more')] }), () => ({}));
    expect(end).toBe('finished');
    const exchange = {
      kind: 'exchange',
      user: 0,
      egress: '127.50.161.245',
      method: 'GET',
      name: 'GET /cart',
      op: 'read',
      key: 'c',
      session: null,
      outcome: {
        kind: 'answered',
        status: 200,
        met: true,
        backend: null,
        path: [],
        set: null,
        deleted: false,
        effective: null,
        created: null,
        owner: null,
        counter: null,
      },
    };
    const mark = { kind: 'phase', warmup: false };
    const pulse = { kind: 'pulse', worker: 0, users: 1, inFlight: 0, unstarted: 0, utilisation: 0.25 };
    expect(entries).toEqual([
      { ...mark, at: 0, name: 'steady', stage: 'began' },
      { ...exchange, seq: 0, due: 0, asked: 0, sent: 0, done: 1_000, phase: 'steady' },
      { ...exchange, seq: 1, due: 601_000, asked: 601_000, sent: 601_000, done: 602_000, phase: 'steady' },
      { ...mark, at: 1_000_000, name: 'steady', stage: 'ended' },
      { ...mark, at: 1_000_000, name: 'more', stage: 'began' },
      { ...pulse, at: 1_000_000 },
      { ...exchange, seq: 2, due: 1_202_000, asked: 1_202_000, sent: 1_202_000, done: 1_203_000, phase: 'more' },
      { ...exchange, seq: 3, due: 1_803_000, asked: 1_803_000, sent: 1_803_000, done: 1_804_000, phase: 'more' },
      { ...mark, at: 2_000_000, name: 'more', stage: 'ended' },
      { ...pulse, at: 2_000_000 },
    ]);
  });

  it('keeps a paced user on his grid, due in the past while he catches up', async () => {
    const flow = [loop([get('/')], { pace: 100 * MILLISECOND })];
    const slow = ({ count }: { count: number }) => ({ after: count === 2 ? 250 * MILLISECOND : 10 * MILLISECOND });
    const { entries } = await play(workload(flow), slow);
    expect(dues(entries)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(exchanges(entries).map(({ sent }) => sent / MILLISECOND)).toEqual([0, 100, 200, 450, 460, 500, 600, 700, 800, 900]);
  });

  it('asks for a connection when it does so, not when those awake began to act', async () => {
    const phases = [closed(3, 3, 500 * MILLISECOND)];
    const { entries } = await play(workload([get('/'), think(SECOND)], { phases }), () => ({}), { sendTakes: 7 });
    expect(exchanges(entries).map(({ user, due, asked, sent }) => [user, due, asked, sent])).toEqual([
      [0, 0, 0, 0],
      [1, 0, 7, 7],
      [2, 0, 14, 14],
    ]);
  });

  it('starts no request after the last phase and waits for those in flight', async () => {
    const { entries } = await play(workload([get('/')]), () => ({ after: 700 * MILLISECOND }));
    expect(exchanges(entries).map(({ sent, done }) => [sent, done])).toEqual([
      [0, 700_000],
      [700_000, 1_400_000],
    ]);
    expect(entries.at(-1)).toEqual({ kind: 'pulse', worker: 0, at: 1_400_000, users: 1, inFlight: 0, unstarted: 0, utilisation: 0.25 });
  });

  it('ends what is in flight as interrupted when it is aborted', async () => {
    const { entries, end } = await play(workload([get('/')]), () => ({ hangs: true }), { abortAt: 300 * MILLISECOND });
    expect(end).toBe('interrupted');
    expect(entries.map((entry) => [entry.kind, instant(entry)])).toEqual([
      ['phase', 0],
      ['phase', 300_000],
      ['exchange', 300_000],
      ['pulse', 300_000],
    ]);
    expect(exchanges(entries)[0]?.outcome).toEqual({ kind: 'lost', reason: 'interrupted' });
  });

  it('counts nobody as unstarted who was thinking, or had not come, when it was aborted', async () => {
    const flow = [get('/'), think(400 * MILLISECOND)];
    const phases = [closed(0, 4, 2 * SECOND, 'ramp'), closed(4, 4, SECOND)];
    const { entries } = await play(workload(flow, { phases }), () => ({}), { abortAt: 700 * MILLISECOND });
    expect(exchanges(entries).map(({ user }) => user)).toEqual([0, 0, 1]);
    expect(entries.at(-1)).toEqual({ kind: 'pulse', worker: 0, at: 700_000, users: 2, inFlight: 0, unstarted: 0, utilisation: 0.25 });
  });

  it('counts the paced rounds as unstarted that a user missed while he waited for an answer', async () => {
    const flow = [loop([get('/')], { pace: 100 * MILLISECOND })];
    const script = ({ count }: { count: number }) => (count === 3 ? { hangs: true } : {});
    const phases = [closed(1, 1, 2 * SECOND)];
    const { entries } = await play(workload(flow, { phases }), script);
    expect(dues(entries)).toEqual([0, 100, 200, 300]);
    expect(entries.at(-1)).toMatchObject({ kind: 'pulse', worker: 0, users: 1, inFlight: 0, unstarted: 16 });
    const cut = await play(workload(flow, { phases }), script, { abortAt: 850 * MILLISECOND });
    expect(cut.entries.at(-1)).toMatchObject({ kind: 'pulse', worker: 0, at: 850_000, unstarted: 5 });
  });

  it('counts the paced rounds as unstarted that a user missed before he was to leave', async () => {
    const flow = [loop([get('/')], { pace: 100 * MILLISECOND })];
    const phases = [closed(1, 1, 500 * MILLISECOND), closed(0, 0, 500 * MILLISECOND, 'empty')];
    const script = ({ count }: { count: number }) => (count === 1 ? { after: 600 * MILLISECOND } : {});
    const { entries } = await play(workload(flow, { phases }), script);
    expect(dues(entries)).toEqual([0, 100]);
    expect(entries.at(-1)).toMatchObject({ kind: 'pulse', worker: 0, users: 0, unstarted: 3 });
  });

  it('ends as interrupted when it is aborted while it waits for the last answers', async () => {
    const { entries, end } = await play(workload([get('/')]), () => ({ hangs: true }), { abortAt: 1300 * MILLISECOND });
    expect(end).toBe('interrupted');
    expect(entries.map((entry) => [entry.kind, instant(entry)])).toEqual([
      ['phase', 0],
      ['phase', 1_000_000],
      ['exchange', 1_300_000],
      ['pulse', 1_300_000],
    ]);
    expect(exchanges(entries)[0]?.outcome).toEqual({ kind: 'lost', reason: 'interrupted' });
  });

  it('holds a refused user back for 100 ms, doubling up to a second, and begins anew after an answer', async () => {
    const script = ({ count }: { count: number }) => (count === 6 ? {} : { refused: 'connection-refused' as const, after: 0 });
    const { entries } = await play(workload([get('/')], { phases: [closed(1, 1, 5 * SECOND)] }), script);
    expect(dues(entries)).toEqual([0, 100, 300, 700, 1500, 2500, 3500, 3501, 3601, 3801, 4201]);
    expect(exchanges(entries)[0]).toMatchObject({ sent: 0, done: 0, outcome: { kind: 'refused', reason: 'connection-refused' } });
  });

  it('starts the users of a ramp evenly and lets the last comers go after their round', async () => {
    const flow = [get('/a'), think(100 * MILLISECOND), get('/b'), think(100 * MILLISECOND)];
    const phases = [closed(0, 4, 400 * MILLISECOND, 'up'), closed(4, 0, 400 * MILLISECOND, 'down')];
    const { entries } = await play(workload(flow, { phases }), () => ({ after: 0 }));
    const byUser = [0, 1, 2, 3].map((user) => dues(exchanges(entries).filter((exchange) => exchange.user === user)));
    expect(byUser).toEqual([
      [0, 100, 200, 300, 400, 500, 600, 700],
      [100, 200, 300, 400, 500, 600],
      [200, 300, 400, 500],
      [300, 400],
    ]);
  });

  it('brings a new user for each arrival of an open model, who leaves with his flow', async () => {
    const flow = [get('/a'), think(150 * MILLISECOND), get('/b')];
    const { entries } = await play(
      workload(flow, { phases: [open(10, 10, 300 * MILLISECOND)], users: { ...workload([]).users, count: 9 } }),
      () => ({
        after: 0,
      }),
    );
    expect(exchanges(entries).map(({ user, name, due }) => [user, name, due / MILLISECOND])).toEqual([
      [0, 'GET /a', 0],
      [1, 'GET /a', 100],
      [0, 'GET /b', 150],
      [2, 'GET /a', 200],
      [1, 'GET /b', 250],
    ]);
    expect(entries.at(-1)).toMatchObject({ kind: 'pulse', worker: 0, users: 1, unstarted: 0 });
  });

  it('counts arrivals beyond the most users as unstarted', async () => {
    const { entries } = await play(workload([get('/')], { phases: [open(10, 10, SECOND)] }), () => ({ after: 250 * MILLISECOND }));
    expect(exchanges(entries).map(({ user, due }) => [user, due / MILLISECOND])).toEqual([
      [0, 0],
      [3, 300],
      [6, 600],
      [9, 900],
    ]);
    expect(entries.at(-1)).toMatchObject({ kind: 'pulse', worker: 0, unstarted: 6 });
  });

  it('shows how it is getting on', async () => {
    const seen: unknown[] = [];
    let look = () => {};
    const faults = [{ at: 700 * MILLISECOND, duration: null, action: { kind: 'kill', target: 'a' } as const }];
    await play(workload([get('/')], { faults }), () => ({ after: 400 * MILLISECOND }), {
      onStart(live) {
        look = () => seen.push({ ...live });
      },
      at: [
        [500 * MILLISECOND, () => look()],
        [900 * MILLISECOND, () => look()],
      ],
    });
    const steady = { end: 1_000_000, users: 1, inFlight: 1, unstarted: 0, phase: 'steady' };
    expect(seen).toEqual([
      { ...steady, now: 500_000, nextFault: { text: 'kill a', at: 700_000 } },
      { ...steady, now: 900_000, nextFault: null },
    ]);
  });

  it('fails with what the taker of entries throws', async () => {
    const onEntry = (entry: Entry) => {
      if (entry.kind === 'exchange') throw new Error('disk full');
    };
    await expect(play(workload([get('/')]), () => ({}), { onEntry })).rejects.toThrow('disk full');
  });

  it('refuses a flow that would never take time', async () => {
    await expect(play(workload([loop([])]), () => ({}))).rejects.toThrow(
      'The flow "all" has a loop without a request or a think time in it.',
    );
    await expect(play(workload([think(1)]), () => ({}))).rejects.toThrow('The flow "all" has no request.');
  });
});
