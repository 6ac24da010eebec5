import { describe, expect, it } from 'vitest';
import { SECOND } from '../../model/units.ts';
import type { Step } from '../../model/workload.ts';
import { get, loop, think } from '../fixtures/fake-world.ts';
import { random } from '../plan/random.ts';
import { createCourse, holdBack, type Leave, nextRequest, owed, pass } from './course.ts';
import { compile } from './program.ts';
import { siteOf } from './site.ts';
import { createWatch } from './watch.ts';

const LETTERHEAD = { site: siteOf('http://site.test'), headers: [] };

/** Names and due times, in seconds, of the first requests when each takes 100 ms; ends when the user leaves. */
function walk(flow: readonly Step[], { leave = null as Leave, most = 12, start = 0 } = {}): readonly string[] {
  const program = compile({ name: 'f', weight: 1, flow }, LETTERHEAD, createWatch());
  const course = createCourse(start);
  const thinking = random(1, 0, 'think');
  const seen: string[] = [];
  while (seen.length < most) {
    const next = nextRequest(course, program, leave, { thoughts: () => thinking });
    if (next === null) return [...seen, 'leaves'];
    seen.push(`${next.request.title.name.slice(4)} ${course.due / SECOND}${course.free > course.due ? ` at ${course.free / SECOND}` : ''}`);
    pass(course, course.free + SECOND / 10);
  }
  return seen;
}

describe('a course', () => {
  it('goes through the flow once in an open model', () => {
    expect(walk([get('a'), think(SECOND), get('b')], { start: 5 * SECOND })).toEqual(['a 5', 'b 6.1', 'leaves']);
  });

  it('goes round in a closed model until the user is to leave', () => {
    expect(walk([get('a'), think(SECOND), get('b')], { leave: 2.4 * SECOND })).toEqual(['a 0', 'b 1.1', 'a 1.2', 'b 2.3', 'leaves']);
  });

  it('repeats a loop as often as it says, loops in loops too', () => {
    expect(walk([loop([get('a'), loop([get('b')], { count: 2 })], { count: 2 }), get('c')])).toEqual([
      'a 0',
      'b 0.1',
      'b 0.2',
      'a 0.3',
      'b 0.4',
      'b 0.5',
      'c 0.6',
      'leaves',
    ]);
    expect(walk([loop([get('a')], { count: 0 }), get('b')])).toEqual(['b 0', 'leaves']);
  });

  it('starts no round of a loop after its time, counted from its own beginning', () => {
    expect(walk([think(SECOND), loop([get('a'), think(SECOND)], { over: 3 * SECOND }), get('b')])).toEqual([
      'a 1',
      'a 2.1',
      'a 3.2',
      'b 4.3',
      'leaves',
    ]);
  });

  it('puts rounds on the grid, and keeps to it after a delay', () => {
    expect(walk([loop([get('a'), think(SECOND / 5), get('b')], { pace: SECOND, count: 2 })])).toEqual([
      'a 0',
      'b 0.3',
      'a 1',
      'b 1.3',
      'leaves',
    ]);
    expect(walk([loop([get('a')], { pace: SECOND / 20, count: 4 })])).toEqual([
      'a 0',
      'a 0.05 at 0.1',
      'a 0.1 at 0.2',
      'a 0.15 at 0.3',
      'leaves',
    ]);
  });

  it('waits for think times that overrun the grid, but keeps the round due when it was', () => {
    expect(walk([loop([get('a'), think(2 * SECOND)], { pace: SECOND, count: 3 })])).toEqual(['a 0', 'a 1 at 2.1', 'a 2 at 4.2', 'leaves']);
  });

  it('lets a user leave after a round of an endless loop inside another', () => {
    const flow = [loop([get('a'), loop([get('b'), think(SECOND)])])];
    expect(walk(flow, { leave: 2 * SECOND })).toEqual(['a 0', 'b 0.1', 'b 1.2', 'leaves']);
  });

  it('draws think times evenly from their range, both ends included', () => {
    const dues = walk([loop([get('a'), think(1, 3)])], { most: 400 }).map((step) => Number(step.slice(2)) * SECOND);
    const thoughts = dues.slice(1).map((due, place) => Math.round(due - (dues[place] ?? 0)) - SECOND / 10);
    expect([...new Set(thoughts)].sort()).toEqual([1, 2, 3]);
  });

  it('is held back to a later time, never brought forward', () => {
    const _program = compile({ name: 'f', weight: 1, flow: [get('a')] }, LETTERHEAD, createWatch());
    const course = createCourse(50);
    holdBack(course, 70);
    holdBack(course, 60);
    expect([course.due, course.free]).toEqual([70, 70]);
  });

  it('owes the request it waits at when that was due, and the rounds whose time on the grid has come', () => {
    /** After `rounds` requests of 100 ms each: owed while it waits for the next one, and while that is on its way, up to 1 s. */
    const owedAfter = (flow: readonly Step[], rounds: number, until = SECOND) => {
      const program = compile({ name: 'f', weight: 1, flow }, LETTERHEAD, createWatch());
      const course = createCourse(0);
      const thinker = { thoughts: () => random(1, 0, 'think') };
      for (let round = 0; round < rounds; round += 1) {
        nextRequest(course, program, Number.POSITIVE_INFINITY, thinker);
        pass(course, course.free + SECOND / 10);
      }
      nextRequest(course, program, Number.POSITIVE_INFINITY, thinker);
      const waiting = owed(course, program, until);
      pass(course, 2 * SECOND);
      return [waiting, owed(course, program, until)];
    };
    expect(owedAfter([get('a'), think(SECOND)], 1)).toEqual([0, 0]);
    expect(owedAfter([get('a')], 3)).toEqual([1, 0]);
    const pace = SECOND / 5;
    expect(owedAfter([loop([get('a')], { pace })], 0)).toEqual([5, 4]);
    expect(owedAfter([loop([get('a')], { pace })], 2)).toEqual([3, 2]);
    expect(owedAfter([loop([get('a')], { pace })], 2, 0.8 * SECOND)).toEqual([2, 1]);
    expect(owedAfter([loop([get('a')], { pace, count: 4 }), get('b')], 2)).toEqual([2, 1]);
    expect(owedAfter([loop([get('a')], { pace, over: 0.6 * SECOND }), get('b')], 1)).toEqual([2, 1]);
    expect(owedAfter([loop([loop([get('a')], { pace, count: 2 })], { pace: SECOND / 2 })], 0)).toEqual([3, 2]);
    expect(owedAfter([loop([loop([get('a')])], { pace })], 0)).toEqual([1, 0]);
    expect(owedAfter([loop([get('a')], { pace, count: 1 }), think(SECOND), get('b')], 1)).toEqual([0, 0]);
  });
});
