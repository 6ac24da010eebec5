// Secrets in texts as workloads hold them: pairs of forms and queries, members of JSON, URLs. {{ variables }} are part of the values they stand in.

import { isSecretName } from './names.ts';

/** What is shown in place of a secret. Templates are in the form of `formatTemplate`, and stay templates. */
export type Hide = (secret: string) => string;

/** A variable, or braces that are written like one: never cut in two. */
const ATOM = String.raw`\{\{[^}]*\}\}`;

/** `password=…` up to the next & or line end, or the closing quote of a value in quotes; `"password":…` whatever the value is. */
export function hideInBody(body: string, hide: Hide): string {
  const isJson = /^\s*(["[]|\{(?!\{))/.test(body);
  return hidePairs(hideMembers(body, hide), hide, isJson ? IN_JSON : OPEN);
}

/** `?token=…` in a path, or wherever a query may stand. */
export function hideInQuery(text: string, hide: Hide): string {
  return hidePairs(text, hide, OPEN);
}

/** User and password before the host, and what a query tells. */
export function hideInUrl(url: string, hide: Hide): string {
  const bare = url.replace(/^([a-z][\w+.-]*:\/\/)([^/?#\\]*)@/i, (_, scheme: string, user: string) => `${scheme}${hide(user)}@`);
  return hideInQuery(bare, hide);
}

/** Where the value of a pair ends; for a value in quotes, what follows the opening one. */
interface Ends {
  readonly bare: RegExp;
  readonly quoted: Readonly<Record<string, RegExp>>;
}

/** A quote closes a value only where something else begins: `'it''s'` has no such. Values of a `form` have their quotes as they are. */
const OPEN: Ends = {
  bare: until('&\r\n'),
  quoted: { '"': untilClosed('"'), "'": untilClosed("'") },
};

/** Inside a text of JSON a value ends with that text. */
const IN_JSON: Ends = { bare: until('&"'), quoted: {} };

function hidePairs(text: string, hide: Hide, ends: Ends): string {
  return replaced(text, /(?<![^\s=&?;,"'<>{}])([^\s=&?;,"'<>{}]+)=/g, (match) => {
    if (!isSecretName(unescapedInForm(match[1] ?? ''))) return null;
    const from = match.index + match[0].length;
    const quoted = ends.quoted[text.charAt(from)];
    const to = quoted === undefined ? null : endOf(quoted, text, from + 1);
    return to === null ? { from, to: endOf(ends.bare, text, from) ?? from, hide } : { from: from + 1, to: to - 1, hide };
  });
}

/** Texts keep their quotes; numbers, lists and objects become a text. `null`, `true` and `false` are no secrets. */
function hideMembers(text: string, hide: Hide): string {
  return replaced(text, /"((?:[^"\\]|\\.)*)"\s*:\s*/g, (match) => {
    if (!isSecretName(unescapedInJson(match[1] ?? ''))) return null;
    const from = match.index + match[0].length;
    if (text.charAt(from) === '"') return { from: from + 1, to: endOf(until('"'), text, from + 1) ?? from, hide };
    const isMany = /^(\[|\{(?!\{))/.test(text.slice(from, from + 2));
    const to = isMany ? endOfMany(text, from) : (endOf(until(String.raw`,\]}\s`), text, from) ?? from);
    return { from, to, hide: (value) => inQuotes(value, hide) };
  });
}

function inQuotes(value: string, hide: Hide): string {
  if (/^(null|true|false)$/.test(value)) return value;
  const hidden = hide(value);
  return hidden === value ? value : JSON.stringify(hidden);
}

/** The bracket that closes the one at `from`; the end of the text when none does. */
function endOfMany(text: string, from: number): number {
  const piece = new RegExp(`"${until('"').source}"?|${ATOM}|[[\\]{}]`, 'g');
  piece.lastIndex = from;
  let depth = 0;
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    if (/^[[{]$/.test(match[0])) depth++;
    else if (/^[\]}]$/.test(match[0])) depth--;
    if (depth === 0) return piece.lastIndex;
  }
  return text.length;
}

/** Everything up to one of these characters: variables whole, and what a backslash escapes. Has one way to match a text, so it is fast. */
function until(ends: string): RegExp {
  const escaped = String.raw`\\(?:(?!\{\{)[^]|(?=\{\{)|$)`;
  return new RegExp(String.raw`(?:${ATOM}|${escaped}|(?!\{\{)[^\\${ends}])*`, 'y');
}

function untilClosed(quote: string): RegExp {
  return new RegExp(String.raw`${until(quote).source}${quote}(?=[&\s,;>/]|$)`, 'y');
}

interface Secret {
  readonly from: number;
  readonly to: number;
  readonly hide: Hide;
}

/** Hides what `secretAt` says of each match, but not what is inside a secret already. Empty values are none. */
function replaced(text: string, names: RegExp, secretAt: (match: RegExpExecArray) => Secret | null): string {
  let shown = '';
  let next = 0;
  for (const match of text.matchAll(names)) {
    const secret = match.index < next ? null : secretAt(match);
    if (secret === null || secret.to <= secret.from) continue;
    shown += text.slice(next, secret.from) + secret.hide(text.slice(secret.from, secret.to));
    next = secret.to;
  }
  return shown + text.slice(next);
}

/** Where a sticky pattern that begins at `from` ends; null when it does not match. */
function endOf(pattern: RegExp, text: string, from: number): number | null {
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  return match === null ? null : from + match[0].length;
}

function unescapedInForm(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

function unescapedInJson(name: string): string {
  try {
    return String(JSON.parse(`"${name}"`));
  } catch {
    return name;
  }
}
