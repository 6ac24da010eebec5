// What is wrong with a workload file, where, and what to do about it, in words.

import type { ErrorCode } from '../../model/errors.ts';

export interface Problem {
  readonly code: Extract<ErrorCode, 'WORKLOAD_INVALID' | 'PAYLOAD_UNREADABLE'>;
  /** The file as it was named; a payload's own file for problems in its rows. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Where in the structure: `faults[0].kill`. Empty for the file as a whole. */
  readonly path: string;
  readonly expected: string;
  /** What stands there, as written and cut short. */
  readonly got: string;
  /** What to do; empty when what was expected says it all. */
  readonly hint: string;
}

/** A problem that is known by its place in the structure, before lines are counted. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  /** Whether to point at the key or at its value. */
  readonly part: 'key' | 'value';
  /** A part of the text there to point at, more exactly; empty for the whole. */
  readonly within: string;
  readonly expected: string;
  readonly hint: string;
}

export function finding(path: readonly PropertyKey[], expected: string, hint = ''): Finding {
  return { path, part: 'value', within: '', expected, hint };
}

export function findingAtKey(path: readonly PropertyKey[], expected: string, hint = ''): Finding {
  return { path, part: 'key', within: '', expected, hint };
}

/** Points at `within` in the text, key or value, that stands at `path`. */
export function findingWithin(path: readonly PropertyKey[], part: 'key' | 'value', within: string, expected: string, hint = ''): Finding {
  return { path, part, within, expected, hint };
}

/** `faults[0].kill`, `variables["odd name"]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (!/^[\w-]+$/.test(String(key))) text += `[${JSON.stringify(String(key))}]`;
    else text += text === '' ? String(key) : `.${String(key)}`;
  }
  return text;
}

/** All problems, in the order of the file, ready to print. */
export function formatProblems(fileName: string, problems: readonly Problem[]): string {
  const heading = problems.length === 1 ? `${fileName} has a problem:` : `${fileName} has ${problems.length} problems:`;
  return [heading, ...[...problems].sort(inFileOrder).map(formatProblem)].join('\n\n');
}

function formatProblem({ file, line, column, path, expected, got, hint }: Problem): string {
  const lines = [`${file}:${line}:${column}${path === '' ? '' : `  ${path}`}`, `  expected  ${expected}`, `  got       ${got}`];
  if (hint !== '') lines.push(`  hint      ${hint}`);
  return lines.join('\n');
}

function inFileOrder(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
