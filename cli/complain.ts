// Tells on stderr why something could not be done.

import { StickyError } from '../model/errors.ts';

/** A StickyError as message and hint. Anything else is our own fault and comes with its stack. */
export function complain(error: unknown): void {
  process.stderr.write(complaint(error));
}

function complaint(error: unknown): string {
  if (error instanceof StickyError) return `${error.message}\n${error.hint === '' ? '' : `  ${error.hint}\n`}  (${error.code})\n`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `stickybench has a defect, and stopped rather than report something wrong:\n${stack}\n`;
}
