// Faults on the processes of a lab: signals, and starts with the same command.

import { StickyError } from '../../model/errors.ts';
import type { Injector, LabFaultKind } from '../../model/fault.ts';
import { assertNever } from '../../model/never.ts';
import { type Child, untilReady } from '../processes/child.ts';
import type { Supervisor } from '../processes/supervisor.ts';
import { createOwnInjector } from './own-injector.ts';

/** Milliseconds that a process may take to end after SIGTERM. */
const STOP_LIMIT = 60_000;

/**
 * `kill` is SIGKILL, `stop` SIGTERM, `pause` SIGSTOP: each holds until it is relieved. `restart` is SIGTERM and a start at once, done when
 * the process is ready again. `exec` and `http` faults are carried out as on anybody's deployment.
 * Rejects with FAULT_IMPOSSIBLE when there is no such process or it is not in the state the fault needs, with LAB_NOT_READY when it does
 * not come back.
 */
export function createLabInjector(supervisor: Supervisor): Injector {
  const own = createOwnInjector();
  return {
    async inflict(fault) {
      const { action } = fault;
      if (action.kind === 'exec' || action.kind === 'http') return own.inflict(fault);
      return inflict(supervisor, action.kind, runningTarget(supervisor, action.target, action.kind));
    },
    async relieve(fault) {
      const { action } = fault;
      if (action.kind === 'exec' || action.kind === 'http') return own.relieve(fault);
      return relieve(supervisor, action.kind, target(supervisor, action.target, action.kind));
    },
  };
}

async function inflict(supervisor: Supervisor, kind: LabFaultKind, child: Child): Promise<string> {
  switch (kind) {
    case 'kill':
      child.signal('SIGKILL');
      await child.exited;
      return `SIGKILL pid ${child.pid}`;
    case 'stop':
      return stop(child);
    case 'pause':
      child.signal('SIGSTOP');
      return `SIGSTOP pid ${child.pid}`;
    case 'restart':
      return `${await stop(child)}, ${await startAgain(supervisor, child)}`;
    default:
      return assertNever(kind);
  }
}

async function relieve(supervisor: Supervisor, kind: LabFaultKind, child: Child): Promise<string> {
  switch (kind) {
    case 'kill':
    case 'stop':
      return child.running ? `pid ${child.pid} runs already` : startAgain(supervisor, child);
    case 'pause':
      child.signal('SIGCONT');
      await untilReady(child);
      return `SIGCONT pid ${child.pid}`;
    case 'restart':
      return 'nothing to undo';
    default:
      return assertNever(kind);
  }
}

async function stop(child: Child): Promise<string> {
  child.signal('SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, STOP_LIMIT, 'late');
  });
  const end = await Promise.race([child.exited, late]);
  clearTimeout(timer);
  if (end === 'late') {
    throw new StickyError('FAULT_IMPOSSIBLE', `${child.name}, pid ${child.pid}, did not end within ${STOP_LIMIT / 1000} s of SIGTERM`);
  }
  return `SIGTERM pid ${child.pid}`;
}

async function startAgain(supervisor: Supervisor, child: Child): Promise<string> {
  const { pid } = await supervisor.start(child.spec);
  return `started pid ${pid}`;
}

function target(supervisor: Supervisor, name: string, kind: LabFaultKind): Child {
  const child = supervisor.children.get(name);
  if (child !== undefined) return child;
  const known = [...supervisor.children.keys()].join(', ');
  throw new StickyError('FAULT_IMPOSSIBLE', `${kind} ${name}: no such process in this lab. There are: ${known}`);
}

function runningTarget(supervisor: Supervisor, name: string, kind: LabFaultKind): Child {
  const child = target(supervisor, name, kind);
  if (child.running) return child;
  const how = child.condemned ? 'is down already, by an earlier fault' : 'died before, though nobody had hurt it';
  throw new StickyError('FAULT_IMPOSSIBLE', `${kind} ${name}: it ${how}`, 'Leave time between faults, or read its log.');
}
