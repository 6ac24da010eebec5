// What the documents of the benchmark have in common as Markdown. Pure.

import type { Machine } from './machine.ts';

interface Told {
  readonly command: string;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
}

/** What was typed, when, on what. */
export function machineText({ command, startedAt, machine, versions }: Told): readonly string[] {
  const { cores, processor, memory, system, kernel } = machine;
  return [
    `\`${command}\`, ${startedAt.slice(0, 10)}.`,
    `${cores} cores of ${processor}, ${(memory / 2 ** 30).toFixed(0)} GiB, ${system}, Linux ${kernel}.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
  ];
}

/** What stands in a column of numbers: one, with its spread or its unit, or nothing. */
const NUMBER = /^([\d.,]+( \([\d.]+ to [\d.]+\)| (MB|bytes|ms|s))?|not measured|)$/;

/** Lines of a table: text to the left, numbers to the right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const rule = titles.map((_, column) => (rows.every((row) => NUMBER.test(row[column] ?? '')) ? '---:' : '---'));
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
