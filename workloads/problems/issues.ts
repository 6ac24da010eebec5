// From the schema's issues to what a person is told.

import type { z } from 'zod';
import { didYouMean } from './nearest.ts';
import type { Finding } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** One finding for each thing that is wrong; of a union, those of the alternative that was meant. */
export function findingsOf(issues: readonly Issue[], raw: unknown): Finding[] {
  return issues.flatMap((issue) => fromIssue(issue, [], raw));
}

function fromIssue(issue: Issue, above: readonly PropertyKey[], raw: unknown): Finding[] {
  const path = [...above, ...issue.path];
  const plain = { path, within: '', expected: issue.message };
  switch (issue.code) {
    case 'invalid_value':
      return [{ ...plain, part: 'value', hint: suggestion(valueAt(raw, path), issue.values.map(String)) }];
    case 'invalid_union': {
      if ('options' in issue && issue.options !== undefined) {
        return [{ ...plain, part: 'value', hint: suggestion(valueAt(raw, path), issue.options.map(String)) }];
      }
      const meant = issue.errors.find(
        (branch) => !branch.some((inner) => inner.path.length === 0 && isMismatch(inner, valueAt(raw, path))),
      );
      if (meant !== undefined && meant.length > 0) return meant.flatMap((inner) => fromIssue(inner, path, raw));
      return [{ ...plain, part: 'value', hint: hintOf(issue.errors) || suggestion(valueAt(raw, path), wordsOf(issue.errors)) }];
    }
    case 'invalid_key':
      return issue.issues.map((inner) => ({ ...plain, part: 'key', expected: inner.message, hint: paramsOf(inner).hint }));
    default:
      return [{ ...plain, ...paramsOf(issue) }];
  }
}

/** Whether the issue says that the value is of another kind than the alternative: then this alternative was not meant. */
function isMismatch(issue: Issue, value: unknown): boolean {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union') return true;
  return issue.code === 'custom' && (typeof value === 'object' || paramsOf(issue).hint === '');
}

function paramsOf(issue: Issue): Pick<Finding, 'part' | 'hint'> {
  const params: Readonly<Record<string, unknown>> = (issue.code === 'custom' ? issue.params : undefined) ?? {};
  return { part: params['part'] === 'key' ? 'key' : 'value', hint: String(params['hint'] ?? '') };
}

function hintOf(branches: readonly (readonly Issue[])[]): string {
  return branches.flat().map((inner) => paramsOf(inner).hint)[0] ?? '';
}

function wordsOf(branches: readonly (readonly Issue[])[]): string[] {
  return branches.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
}

function suggestion(value: unknown, words: readonly string[]): string {
  return typeof value === 'string' ? didYouMean(value, words) : '';
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
