// When a user is there, and what he asks for next while he is.

import type { Micros } from '../../model/units.ts';
import { share } from '../plan/mix.ts';
import { type Stay, staysOf } from '../plan/population.ts';
import { begin, type Random } from '../plan/random.ts';
import { type Course, createCourse, type Leave, nextRequest, owed, type RequestInstruction, restart, type Thinker } from './course.ts';
import type { Plan } from './crew.ts';
import type { Program } from './program.ts';

export class Attendance implements Thinker {
  /** He is there. Otherwise he is still to come, or between two stays. */
  present = false;
  number = 0;
  /** Place of the program that he follows. */
  program = 0;
  /** Which of his stays this is, or the next will be, and when it ends. */
  stay = 0;
  leave: Micros = 0;
  readonly course: Course = createCourse(0);
  /** His think times. Not begun while its counter is 0. */
  readonly thinking: Random = { a: 0, b: 0, c: 0, counter: 0 };
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** It is now the attendance of this user, from his first stay on. */
  begin(number: number, { join, leave }: Stay): void {
    const { weights, seed } = this.#plan;
    this.present = false;
    this.number = number;
    this.program = share(weights, seed, number, 'scenario');
    this.stay = 0;
    this.leave = leave;
    this.thinking.counter = 0;
    restart(this.course, join);
  }

  /** His next request, or null when he is to leave. */
  next(): RequestInstruction | null {
    return nextRequest(this.course, this.#program(), this.#leave(), this);
  }

  /** The request that his course waits at. */
  waiting(): RequestInstruction {
    const instruction = this.#program().code[this.course.at];
    if (instruction?.kind !== 'request') throw new Error(`user ${this.number} waits for nothing`);
    return instruction;
  }

  /** He leaves. Returns when he is wanted again, to begin his flow anew, or null. */
  quit(): Micros | null {
    const { open, slots } = this.#plan;
    this.present = false;
    this.stay += 1;
    const next = open ? undefined : staysOf(this.number, slots)[this.stay];
    if (next === undefined) return null;
    this.leave = next.leave;
    restart(this.course, Math.max(next.join, this.course.free));
    return next.join;
  }

  /** Requests that were due before `until`, while he was wanted, and were not sent. He has none on its way. */
  owed(until: Micros): number {
    return this.present ? owed(this.course, this.#program(), Math.min(until, this.leave)) : 0;
  }

  thoughts(): Random {
    if (this.thinking.counter === 0) begin(this.thinking, this.#plan.seed, this.number, 'think');
    return this.thinking;
  }

  #program(): Program {
    const program = this.#plan.programs[this.program];
    if (program === undefined) throw new Error('a workload has at least one scenario');
    return program;
  }

  /** A stay that lasts to the end of the run has no end: the user is there, thinking, when the run is over. */
  #leave(): Leave {
    const { open, end } = this.#plan;
    if (open) return null;
    return this.leave < end ? this.leave : Number.POSITIVE_INFINITY;
  }
}
