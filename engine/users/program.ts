// A flow as a straight list of instructions: a user's place in it is one number.

import { StickyError } from '../../model/errors.ts';
import type { Micros } from '../../model/units.ts';
import type { LoopStep, RequestStep, Scenario, Step } from '../../model/workload.ts';
import { type Judge, judgeOf } from './judge.ts';
import { type Letterhead, type PreparedRequest, prepareRequest } from './request.ts';
import type { Watch } from './watch.ts';

export type Instruction =
  | { readonly kind: 'request'; readonly request: PreparedRequest; readonly judge: Judge }
  | { readonly kind: 'think'; readonly range: readonly [Micros, Micros] }
  /** A loop begins; `after` is where the flow goes on when it is over. */
  | { readonly kind: 'enter'; readonly loop: Loop; readonly after: number }
  /** A round of a loop is over; `first` is the first instruction of the next one. */
  | { readonly kind: 'again'; readonly loop: Loop; readonly first: number }
  /** The flow is over. */
  | { readonly kind: 'end' };

export interface Loop {
  /** Place of the loop's state in the user's registers: rounds done, and when it began. Null for a loop that neither ends nor keeps a pace. */
  readonly register: number | null;
  readonly count: number | null;
  readonly over: Micros | null;
  readonly pace: Micros | null;
  /** A user who is to leave may do so after a round of this loop: it is the outermost, or has no end. */
  readonly exit: boolean;
}

export interface Program {
  readonly code: readonly Instruction[];
  readonly registers: number;
}

/** Throws WORKLOAD_INVALID for a flow that would go round without ever taking time. */
export function compile(scenario: Scenario, letterhead: Letterhead, watch: Watch): Program {
  const code: Instruction[] = [];
  let registers = 0;

  function emit(steps: readonly Step[], depth: number): void {
    for (const step of steps) {
      if (step.kind === 'request') code.push(requestOf(step, letterhead, watch));
      else if (step.kind === 'think') code.push({ kind: 'think', range: [step.min, step.max] });
      else emitLoop(step, depth);
    }
  }

  function emitLoop(step: LoopStep, depth: number): void {
    const { count, over, pace } = step;
    const endless = count === null && over === null;
    if (count === null && !step.steps.some(takesTime) && !pace)
      throw standingStill(scenario, 'has a loop without a request or a think time in it');
    const free = endless && pace === null;
    const loop = { register: free ? null : registers, count, over, pace, exit: depth === 0 || endless };
    if (!free) registers += 2;
    const enter = code.length;
    code.push({ kind: 'end' });
    emit(step.steps, depth + 1);
    code.push({ kind: 'again', loop, first: enter + 1 });
    code[enter] = { kind: 'enter', loop, after: code.length };
  }

  emit(scenario.flow, 0);
  code.push({ kind: 'end' });
  if (!scenario.flow.some(asks)) throw standingStill(scenario, 'has no request');
  return { code, registers };
}

function requestOf(step: RequestStep, letterhead: Letterhead, watch: Watch): Instruction {
  return { kind: 'request', request: prepareRequest(step, letterhead), judge: judgeOf(step, watch) };
}

function asks(step: Step): boolean {
  return step.kind === 'request' || (step.kind === 'loop' && step.count !== 0 && step.steps.some(asks));
}

function takesTime(step: Step): boolean {
  if (step.kind === 'request') return true;
  if (step.kind === 'think') return step.max > 0;
  return step.count !== 0 && (step.steps.some(takesTime) || (step.pace ?? 0) > 0);
}

function standingStill({ name }: Scenario, what: string): StickyError {
  return new StickyError('WORKLOAD_INVALID', `The flow "${name}" ${what}.`, 'Put a request into it.');
}
