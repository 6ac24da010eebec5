// Carries out faults: on the processes of a lab, and on the user's own deployment.

import { StickyError } from '../model/errors.ts';
import type { FaultAction, Injector } from '../model/fault.ts';
import { assertNever } from '../model/never.ts';
import { ask, execute } from './faults/commands.ts';
import { heal, hurt } from './faults/signals.ts';
import type { Supervisor } from './processes/supervisor.ts';

/** Milliseconds that a command or a request may take. */
const LIMIT = 60_000;

/**
 * `kill` is SIGKILL, `stop` SIGTERM, `pause` SIGSTOP: each holds until it is relieved, by a start with the same command or by SIGCONT.
 * `restart` is SIGTERM, and a start when it is relieved: so it can be noted that the process is gone before it can be back.
 * `exec` and `http` faults are carried out as on anybody's deployment.
 * Rejects with FAULT_IMPOSSIBLE when there is no such process or it does not run, with LAB_NOT_READY when it does not come back.
 */
export function createLabInjector(supervisor: Supervisor): Injector {
  const own = createOwnInjector();
  return {
    async inflict(fault) {
      const { action } = fault;
      return action.kind === 'exec' || action.kind === 'http' ? own.inflict(fault) : hurt(supervisor, action.kind, action.target);
    },
    async relieve(fault) {
      const { action } = fault;
      return action.kind === 'exec' || action.kind === 'http' ? own.relieve(fault) : heal(supervisor, action.kind, action.target);
    },
  };
}

/**
 * Carries out `exec` and `http` faults, each within `limit` milliseconds. Rejects with FAULT_IMPOSSIBLE when a command ends with
 * another code than 0, a request is answered with 400 or more, or either takes too long; and for the faults that only a lab can suffer.
 */
export function createOwnInjector(limit: number = LIMIT): Injector {
  return {
    inflict: async ({ action }) => carryOut(action, 'inflict', limit),
    relieve: async ({ action }) => carryOut(action, 'relieve', limit),
  };
}

function carryOut(action: FaultAction, stage: 'inflict' | 'relieve', limit: number): Promise<string> | string {
  switch (action.kind) {
    case 'exec': {
      const command = stage === 'inflict' ? action.run : action.undo;
      return command === null ? 'nothing to undo' : execute(command, limit);
    }
    case 'http': {
      const call = stage === 'inflict' ? action.request : action.undo;
      return call === null ? 'nothing to undo' : ask(call, limit);
    }
    case 'kill':
    case 'stop':
    case 'pause':
    case 'restart':
      throw new StickyError('FAULT_IMPOSSIBLE', `${action.kind} ${action.target}: stickybench did not start this deployment`);
    default:
      return assertNever(action);
  }
}
