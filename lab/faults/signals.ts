// What hurts and heals the processes of a lab: signals, and starts with the same command.

import { StickyError } from '../../model/errors.ts';
import type { LabFaultKind } from '../../model/fault.ts';
import { assertNever } from '../../model/never.ts';
import { type Child, untilReady } from '../processes/child.ts';
import type { Supervisor } from '../processes/supervisor.ts';

/** Milliseconds that a process may take to end after SIGTERM. */
const STOP_LIMIT = 60_000;

/** Hurts a process. Resolves once the damage is done. Rejects with FAULT_IMPOSSIBLE when there is no such process, or none that runs. */
export async function hurt(supervisor: Supervisor, kind: LabFaultKind, target: string): Promise<string> {
  const child = running(supervisor, target, kind);
  switch (kind) {
    case 'kill':
      child.signal('SIGKILL');
      await child.exited;
      return `SIGKILL pid ${child.pid}`;
    case 'stop':
    case 'restart':
      return stop(child);
    case 'pause':
      child.signal('SIGSTOP');
      return `SIGSTOP pid ${child.pid}`;
    default:
      return assertNever(kind);
  }
}

/** Undoes what `hurt` did. Resolves once the process is ready again. */
export async function heal(supervisor: Supervisor, kind: LabFaultKind, target: string): Promise<string> {
  const child = named(supervisor, target, kind);
  switch (kind) {
    case 'kill':
    case 'stop':
    case 'restart':
      return child.running ? `pid ${child.pid} runs already` : startAgain(supervisor, child);
    case 'pause':
      child.signal('SIGCONT');
      await untilReady(child);
      return `SIGCONT pid ${child.pid}`;
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

function named(supervisor: Supervisor, name: string, kind: LabFaultKind): Child {
  const child = supervisor.children.get(name);
  if (child !== undefined) return child;
  const known = [...supervisor.children.keys()].join(', ');
  throw new StickyError('FAULT_IMPOSSIBLE', `${kind} ${name}: no such process in this lab. There are: ${known}`);
}

function running(supervisor: Supervisor, name: string, kind: LabFaultKind): Child {
  const child = named(supervisor, name, kind);
  if (child.running) return child;
  const how = child.condemned ? 'is down already, by an earlier fault' : 'died before, though nobody had hurt it';
  throw new StickyError('FAULT_IMPOSSIBLE', `${kind} ${name}: it ${how}`, 'Leave time between faults, or read its log.');
}
