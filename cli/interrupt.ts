// Ctrl-C: the first asks for an orderly end, the second insists.

import { INTERRUPTED } from './exit-code.ts';

export interface Interrupt {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/** Listens for SIGINT and SIGTERM. A second one ends the process at once; labs still go down with it. */
export function onInterrupt(tell: (text: string) => void): Interrupt {
  const controller = new AbortController();
  const listen = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    tell('interrupted: writing the report so far (again to leave at once)');
    controller.abort();
  };
  process.on('SIGINT', listen);
  process.on('SIGTERM', listen);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', listen);
      process.off('SIGTERM', listen);
    },
  };
}
