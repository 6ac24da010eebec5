// A user's way through his flow: which request comes next, and when it is due.

import type { Micros } from '../../model/units.ts';
import { between } from '../plan/egress.ts';
import type { Random } from '../plan/random.ts';
import type { Instruction, Loop, Program } from './program.ts';

export type RequestInstruction = Extract<Instruction, { kind: 'request' }>;

/** Where a user is in his flow. */
export interface Course {
  /** Place of the next instruction. */
  at: number;
  /** When the schedule wants the next request. */
  due: Micros;
  /** When it can be sent at the earliest: later than `due` where the user was kept busy beyond it. */
  free: Micros;
  /** Two numbers for each loop: rounds done, and when it began. */
  readonly registers: number[];
}

/** A course at the beginning of a flow. */
export function createCourse(start: Micros): Course {
  return { at: 0, due: start, free: start, registers: [] };
}

/** Puts a course to the beginning again. What its registers hold from before is overwritten as loops begin. */
export function restart(course: Course, start: Micros): void {
  course.at = 0;
  course.due = start;
  course.free = start;
}

/** Who takes the course: think times are drawn from a stream of his. */
export interface Thinker {
  thoughts(): Random;
}

/** When a user leaves: `null` with the flow (open model), otherwise after the round of his flow that is over at that time or later. */
export type Leave = Micros | null;

/**
 * Goes on to the next request and returns it, with `due` and `free` set for it; the course stays on it until `pass`. Null when the user leaves.
 * A request is due a think time after the one before it was done, or when its round begins on the grid of a paced loop. The grid never
 * moves: after a delay rounds follow each other at once, each due in the past, until the grid is caught up with.
 */
export function nextRequest(course: Course, { code }: Program, leave: Leave, thinker: Thinker): RequestInstruction | null {
  for (;;) {
    const instruction = code[course.at];
    if (instruction === undefined) throw new Error(`no instruction ${course.at}`);
    switch (instruction.kind) {
      case 'request':
        return instruction;
      case 'think':
        postpone(course, course.due + between(thinker.thoughts(), instruction.range));
        course.at += 1;
        break;
      case 'enter':
        beginLoop(course, instruction.loop);
        course.at = instruction.loop.count === 0 ? instruction.after : course.at + 1;
        break;
      case 'again':
        if (instruction.loop.exit && isOver(course, leave)) return null;
        course.at = anotherRound(course, instruction.loop) ? instruction.first : course.at + 1;
        break;
      case 'end':
        if (leave === null || isOver(course, leave)) return null;
        course.at = 0;
        break;
    }
  }
}

/** The request the course is on was done at `done`: the user goes on from there. */
export function pass(course: Course, done: Micros): void {
  course.at += 1;
  course.due = done;
  course.free = done;
}

/** The next request is not to be sent before `time`, whatever the flow says; it is due then if it was due before. */
export function holdBack(course: Course, time: Micros): void {
  if (course.due < time) course.due = time;
  if (course.free < time) course.free = time;
}

/**
 * Requests that were due before `until` and that the course never came to: the one it waits at, and each round of a paced loop that stood on
 * the grid while the user was kept busy. Of rounds that were missed only the beginnings are known, so this is the least that it can be. A
 * request on its way, or done, is none of them; its `due` must be past `until`, or the course past it.
 */
export function owed(course: Course, { code }: Program, until: Micros): number {
  let count = code[course.at]?.kind === 'request' && course.due < until ? 1 : 0;
  for (let place = course.at; place < code.length; place += 1) {
    const instruction = code[place];
    if (instruction?.kind !== 'again' || instruction.first > course.at) continue;
    count += roundsMissed(course, instruction.loop, until);
    if (instruction.loop.count === null && instruction.loop.over === null) break;
  }
  return count;
}

/** Rounds after the present one whose place on the grid is before `until`. */
function roundsMissed({ registers }: Course, { register, count, over, pace }: Loop, until: Micros): number {
  if (pace === null || register === null) return 0;
  const began = registers[register + 1] ?? 0;
  const end = Math.min(until, over === null ? until : began + over);
  const rounds = Math.min(Math.ceil((end - began) / pace), count ?? Number.POSITIVE_INFINITY);
  return Math.max(0, rounds - 1 - (registers[register] ?? 0));
}

function isOver(course: Course, leave: Leave): boolean {
  return leave !== null && course.free >= leave;
}

function postpone(course: Course, due: Micros): void {
  course.due = due;
  if (course.free < due) course.free = due;
}

function beginLoop({ registers, due }: Course, { register }: Loop): void {
  if (register === null) return;
  registers[register] = 0;
  registers[register + 1] = due;
}

/** Counts the round that is over, and puts the next one on the grid of a paced loop. */
function anotherRound(course: Course, { register, count, over, pace }: Loop): boolean {
  if (register === null) return true;
  const rounds = (course.registers[register] ?? 0) + 1;
  const began = course.registers[register + 1] ?? 0;
  course.registers[register] = rounds;
  if (count !== null && rounds >= count) return false;
  const start = pace === null ? course.due : began + rounds * pace;
  if (over !== null && start - began >= over) return false;
  if (pace !== null) postpone(course, start);
  return true;
}
