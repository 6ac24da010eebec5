// Starts the processes of a lab, and sees to it that none of them outlives us.

import { join } from 'node:path';
import { StickyError } from '../../model/errors.ts';
import { type Child, logText, type ProcessSpec, spawnChild, untilReady } from './child.ts';
import { beforeExit } from './exits.ts';
import { killGroup, type Ledger, openLedger, sweep } from './ledger.ts';
import { freePort, tellsPortInUse } from './ports.ts';
import { membersOf } from './proc.ts';

export interface Supervisor {
  /** The lab's temporary folder, gone after `stopAll`. */
  readonly folder: string;
  /** The latest start of each name. */
  readonly children: ReadonlyMap<string, Child>;
  /** Aborted as soon as the lab ends, on whichever way out: for work that is no process of the lab and must not outlive it either. */
  readonly stopping: AbortSignal;
  /**
   * Starts a process and resolves once it is ready. Throws LAB_NOT_READY with the end of its log when it exits first or takes too long
   * (and then it is gone), PROGRAM_MISSING when it cannot be executed.
   */
  start(spec: ProcessSpec): Promise<Child>;
  /** Ends every process, removes the folder and every handler. Never rejects; may be called twice. */
  stopAll(): Promise<void>;
}

const PORT_TRIES = 5;
/** Milliseconds that `exit` waits for killed processes before it removes their files. */
const LAST_WAIT = 2_000;

/** Ends what a killed stickybench left behind, then opens a lab of our own. `root` is where the labs of this user live. */
export async function createSupervisor(root?: string): Promise<Supervisor> {
  sweep(root);
  const ledger = openLedger(root);
  const children = new Map<string, Child>();
  const alive = new Set<Child>();
  const stop = new AbortController();
  const withdraw = beforeExit(() => {
    stop.abort();
    endAtOnce(alive, ledger);
  });
  let stopped: Promise<void> | null = null;
  return {
    folder: ledger.folder,
    children,
    stopping: stop.signal,
    async start(spec) {
      if (stopped !== null) throw new StickyError('LAB_NOT_READY', `${spec.name} was asked for after the lab had stopped`);
      const child = await spawnChild(spec, join(ledger.folder, `${spec.name}.log`));
      register(child, alive, ledger);
      children.set(spec.name, child);
      if (stopped !== null) await end(child);
      await untilReady(child).catch(async (error: unknown) => {
        await end(child);
        throw error;
      });
      return child;
    },
    stopAll() {
      stop.abort();
      stopped ??= Promise.all([...alive].map(end)).then(() => {
        withdraw();
        ledger.remove();
      });
      return stopped;
    },
  };
}

/** Starts what `specFor` makes for a free port, with another port when somebody was faster. */
export async function startOnFreePort(
  supervisor: Supervisor,
  specFor: (port: number) => ProcessSpec,
): Promise<{ readonly child: Child; readonly port: number }> {
  const { child, ports: port } = await startOnPorts(supervisor, freePort, specFor);
  return { child, port };
}

/** Starts what `specFor` makes for the ports that `choose` chooses, and has it choose anew when somebody was faster. */
export async function startOnPorts<Ports>(
  supervisor: Supervisor,
  choose: () => Promise<Ports>,
  specFor: (ports: Ports) => ProcessSpec,
): Promise<{ readonly child: Child; readonly ports: Ports }> {
  for (let tries = 1; ; tries += 1) {
    const ports = await choose();
    const spec = specFor(ports);
    try {
      return { ports, child: await supervisor.start(spec) };
    } catch (error) {
      const failed = supervisor.children.get(spec.name);
      if (tries === PORT_TRIES || failed === undefined || !tellsPortInUse(logText(failed))) throw error;
    }
  }
}

function register(child: Child, alive: Set<Child>, ledger: Ledger): void {
  ledger.enter(child.pid);
  alive.add(child);
  child.exited.then(() => {
    alive.delete(child);
    ledger.strike(child.pid);
  });
}

async function end(child: Child): Promise<void> {
  child.signal('SIGKILL');
  await child.exited;
}

/** The synchronous end: no event will come any more, so death is read from /proc. */
function endAtOnce(alive: ReadonlySet<Child>, ledger: Ledger): void {
  for (const child of alive) killGroup(child.pid);
  const deadline = performance.now() + LAST_WAIT;
  while ([...alive].some((child) => membersOf(child.pid).length > 0) && performance.now() < deadline);
  ledger.remove();
}
