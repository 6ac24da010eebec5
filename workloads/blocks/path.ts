// Where a request goes: a path of the target, with {{ variables }}.

import type { Template } from '../../model/template.ts';
import { type Reading, unreadable } from '../values/reading.ts';
import { readTemplate } from '../values/templates.ts';

/**
 * Reads a path with query, or a whole URL. Nothing in it is percent-encoded for you, neither the text nor the values of variables:
 * it goes on the wire as it is rendered. So the text itself must be visible ASCII.
 */
export function readPath(value: unknown): Reading<Template> {
  if (typeof value === 'object' && value !== null)
    return unreadable('Write the path itself; other settings stand beside it, not below it.');
  if (typeof value !== 'string' || value === '') return unreadable();
  const template = readTemplate(value);
  if (!template.ok) return template;
  for (const part of template.value) {
    if (typeof part !== 'string') continue;
    if (part.includes('#')) return unreadable('Leave out what follows the #: a server never sees it.');
    if (/[^\x21-\x7e]/.test(part)) return unreadable(`Percent-encode it: ${encodeURI(part)}.`);
  }
  const first = template.value[0];
  if (typeof first !== 'string' || first.startsWith('/')) return template;
  if (!/^\w+:/.test(first)) return unreadable(`A path begins with /: /${value}.`);
  if (!/^https?:\/\//i.test(first)) return unreadable('Only http and https.');
  const origin = /^https?:\/\/[^/?]+(?=[/?]|$)/i.exec(first)?.[0];
  const whole = origin !== undefined && (origin.length < first.length || template.value.length === 1);
  return whole && URL.canParse(origin) ? template : unreadable('The host is written out, without variables.');
}

/** The path of a whole URL, for all requests go to the target; a path as it is. */
export function withoutOrigin(path: Template): Template {
  const [first, ...rest] = path;
  if (typeof first !== 'string') return path;
  const bare = first.replace(/^https?:\/\/[^/?]+/i, '');
  if (bare === first) return path;
  return [bare.startsWith('/') ? bare : `/${bare}`, ...rest];
}

/** The path up to its query. */
export function withoutQuery(path: Template): Template {
  const at = path.findIndex((part) => typeof part === 'string' && part.includes('?'));
  if (at < 0) return path;
  return path.slice(0, at + 1).map((part, index) => (index === at && typeof part === 'string' ? part.slice(0, part.indexOf('?')) : part));
}

/** The last segment of a path, without query; null when a variable stands in it. */
export function lastSegment(path: Template): string | null {
  const whole = path.map((part) => (typeof part === 'string' ? part : '\0')).join('');
  const segments = (whole.split('?')[0] ?? '').split('/').filter((segment) => segment !== '');
  const last = segments.at(-1) ?? '';
  return last.includes('\0') ? null : last;
}
