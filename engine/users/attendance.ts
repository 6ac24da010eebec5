// When a user is there, and what he asks for next while he is.

import type { Micros } from '../../model/units.ts';
import type { Stay } from '../plan/population.ts';
import { type Random, random } from '../plan/random.ts';
import { type Course, courseFrom, type Leave, nextRequest, owed, type RequestInstruction, type Thinker } from './course.ts';
import type { Plan } from './crew.ts';
import type { Program } from './program.ts';

export class Attendance implements Thinker {
  present = false;
  course: Course;
  readonly #plan: Plan;
  readonly #number: number;
  readonly #program: Program;
  #stays: readonly Stay[];
  #thinking: Random | null = null;

  /** `stays`: when the user is wanted, at least once. */
  constructor(plan: Plan, number: number, program: Program, stays: readonly Stay[]) {
    this.#plan = plan;
    this.#number = number;
    this.#program = program;
    this.#stays = stays;
    this.course = courseFrom(0, program);
  }

  /** He comes, and begins his flow anew. */
  enter(): void {
    this.present = true;
    this.course = courseFrom(Math.max(this.#stays[0]?.join ?? 0, this.course.free), this.#program);
  }

  /** His next request, or null when he is to leave. */
  next(): RequestInstruction | null {
    return nextRequest(this.course, this.#program, this.#leave(), this);
  }

  /** He leaves. Returns when he is wanted again, or null. */
  quit(): Micros | null {
    this.present = false;
    this.#stays = this.#stays.slice(1);
    return this.#stays[0]?.join ?? null;
  }

  /** Nobody wants him after this stay. */
  stayNoMore(): void {
    this.#stays = this.#stays.slice(0, 1);
  }

  /** Requests that were due before `until`, while he was wanted, and were not sent. He has none on its way. */
  owed(until: Micros): number {
    return this.present ? owed(this.course, this.#program, Math.min(until, this.#stays[0]?.leave ?? 0)) : 0;
  }

  thoughts(): Random {
    this.#thinking ??= random(this.#plan.seed, this.#number, 'think');
    return this.#thinking;
  }

  /** A stay that lasts to the end of the run has no end: the user is there, thinking, when the run is over. */
  #leave(): Leave {
    const { open, end } = this.#plan;
    if (open) return null;
    const leave = this.#stays[0]?.leave ?? 0;
    return leave < end ? leave : Number.POSITIVE_INFINITY;
  }
}
