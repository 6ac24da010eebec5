// Text with {{ variables }}, read and written.

import type { Template } from '../../model/template.ts';
import { type Reading, read, unreadable } from './reading.ts';

/**
 * Variables that every user has. `user.id` is his number from 0, `user.name` is `user-` and that number.
 * Everything else comes from `variables`, from a payload's fields or from a `capture`.
 */
export const BUILT_IN_VARIABLES: readonly string[] = ['user.id', 'user.name'];

export const VARIABLE_PATTERN = /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/;

/**
 * Reads a text. `{{ name }}` is replaced when the request is made, as it is: nothing is percent-encoded or escaped.
 * `{{ '{{' }}` stands for the braces themselves.
 */
export function readTemplate(text: string): Reading<Template> {
  const parts: (string | { readonly variable: string })[] = [];
  let rest = text;
  for (;;) {
    const open = rest.indexOf('{{');
    if (open < 0) break;
    const close = rest.indexOf('}}', open);
    if (close < 0) return unreadable("`{{` opens a variable that is never closed with `}}`. For the braces themselves write {{ '{{' }}.");
    const inside = rest.slice(open + 2, close).trim();
    const braces = /^'(\{+)'$/.exec(inside)?.[1];
    if (braces === undefined && !VARIABLE_PATTERN.test(inside)) {
      return unreadable(`\`${rest.slice(open, close + 2)}\` is not the name of a variable: letters, digits, _, - and dots.`);
    }
    addLiteral(parts, rest.slice(0, open) + (braces ?? ''));
    if (braces === undefined) parts.push({ variable: inside });
    rest = rest.slice(close + 2);
  }
  addLiteral(parts, rest);
  return read(parts);
}

/** The text of a template; reads back as the same template. */
export function formatTemplate(template: Template): string {
  return template.map((part) => (typeof part === 'string' ? escaped(part) : `{{ ${part.variable} }}`)).join('');
}

/** The names of the variables in a text, in order. */
export function variablesOf(template: Template): string[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.variable]));
}

/** Changes the literal pieces only. */
export function mapLiterals(template: Template, change: (text: string) => string): Template {
  return template.map((part) => (typeof part === 'string' ? change(part) : part));
}

function addLiteral(parts: (string | { readonly variable: string })[], text: string): void {
  const last = parts.at(-1);
  if (text === '') return;
  if (typeof last === 'string') parts[parts.length - 1] = last + text;
  else parts.push(text);
}

/** A single brace at the end is escaped too, for a variable may follow it. */
function escaped(text: string): string {
  return text.replace(/\{{2,}|\{$/g, (braces) => `{{ '${braces}' }}`);
}
