// Talk goes to stderr; stdout is for the report.

/** One line to the person at the terminal. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
