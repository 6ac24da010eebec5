// The ways out of this process, and what must be done on each of them before we are gone.

/** Does its work before it returns: there is no later. */
export type LastAct = () => void;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type ExitSignal = (typeof SIGNALS)[number];

const acts = new Set<LastAct>();

/**
 * Has `act` done when the process ends: at its end, by process.exit, by an uncaught exception, by SIGINT, SIGTERM or SIGHUP.
 * Handlers are installed with the first act and removed with the last. Returns the way to withdraw it.
 */
export function beforeExit(act: LastAct): () => void {
  if (acts.size === 0) install();
  acts.add(act);
  return () => {
    if (acts.delete(act) && acts.size === 0) uninstall();
  };
}

function install(): void {
  process.on('exit', runAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function uninstall(): void {
  process.off('exit', runAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** Where somebody else listens for the signal, he decides how to end, and `exit` comes later. Otherwise we end as if we had not listened. */
function onSignal(signal: ExitSignal): void {
  if (process.listeners(signal).some((listener) => listener !== onSignal)) return;
  runAll();
  uninstall();
  process.kill(process.pid, signal);
}

function runAll(): void {
  for (const act of acts) act();
  acts.clear();
}
