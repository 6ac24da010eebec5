// Talk while a comparison goes on.

export type Say = (line: string) => void;

/** What went wrong, in its own words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
