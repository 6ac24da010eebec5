// Requests of the flow, made ready: whatever does not depend on the user is put into bytes once.

import type { Op } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import { literal, render, type Template } from '../../model/template.ts';
import type { HeaderTemplate, RequestStep } from '../../model/workload.ts';
import { withoutUser } from '../credentials.ts';
import { pathname, pathOn, type Site } from './site.ts';

/** The user at hand, who has values for variables. */
export interface Holder {
  value(variable: string): string | undefined;
}

/** What the record says of a request, besides what happened. */
export interface Title {
  readonly method: string;
  readonly name: string;
  readonly op: Op;
  readonly key: string;
}

/** A request for one user, all but the lines that depend on him: `${head}${his lines}${tail}` goes on the wire, a character a byte. */
export interface Draft {
  /** Path with query, as on the request line. */
  readonly path: string;
  /** Path without query. */
  readonly pathname: string;
  readonly head: string;
  readonly tail: string;
}

export interface PreparedRequest {
  readonly title: Title;
  /** As a redirect that changes the method repeats it, and as one that keeps it. */
  readonly redirected: { readonly changed: Title; readonly kept: Title };
  /** Null when the path is of another origin for this user. */
  draft(holder: Holder): Draft | null;
  /** The request again for another path; `bare` without body and the headers that describe one. */
  again(path: string, method: string, bare: boolean, holder: Holder): Draft;
}

/** What is common to the requests of a run. */
export interface Letterhead {
  readonly site: Site;
  readonly headers: readonly HeaderTemplate[];
}

/** Throws WORKLOAD_INVALID when the path is a URL of another origin for every user. */
export function prepareRequest(step: RequestStep, { site, headers }: Letterhead): PreparedRequest {
  const { method, name, op, key } = step;
  const lines = headerLines([...headers, ...step.headers], site);
  const write = (path: string, verb: string, bare: boolean, holder: Holder): Draft => {
    const lookup = (variable: string) => holder.value(variable);
    const body = bare ? '' : bytes(render(step.body, lookup));
    const length = body === '' && !EXPECTS_BODY.has(verb) ? '' : `Content-Length: ${body.length}\r\n`;
    const kept = bare ? lines.filter((line) => !DESCRIBES_BODY.has(line.name)) : lines;
    const text = kept.map((line) => `${line.label}: ${printable(render(line.value, lookup))}\r\n`).join('');
    return { path, pathname: pathname(path), head: `${verb} ${path} HTTP/1.1\r\n${text}${length}`, tail: `\r\n${body}` };
  };
  const draft = (holder: Holder): Draft | null => {
    const path = pathOn(
      site,
      render(step.path, (variable) => holder.value(variable)),
    );
    return path === null ? null : write(path, method, false, holder);
  };
  const fixed = [step.path, step.body, ...lines.map((line) => line.value)].every((template) => literal(template) !== null);
  const always = fixed ? draft(NOBODYS) : null;
  if (fixed && always === null) throw elsewhere(step, site);
  return {
    title: { method, name, op, key },
    redirected: {
      changed: { method: 'GET', name: `${name} ->`, op: 'other', key },
      kept: { method, name: `${name} ->`, op, key },
    },
    draft: always === null ? draft : () => always,
    again: write,
  };
}

const NOBODYS: Holder = { value: () => undefined };

/** Methods whose requests say how long their body is even when they have none (RFC 9110 8.6). */
const EXPECTS_BODY = new Set(['POST', 'PUT', 'PATCH']);

const DESCRIBES_BODY = new Set(['content-type', 'content-encoding', 'content-language', 'transfer-encoding']);

interface Line {
  /** Lower case. */
  readonly name: string;
  readonly label: string;
  readonly value: Template;
}

/** Host first, then the headers in order; one of the same name as an earlier one takes its place. The length of a body is ours to say. */
function headerLines(headers: readonly HeaderTemplate[], { host, authorization }: Site): readonly Line[] {
  const lines = new Map<string, Line>();
  const own = [
    { name: 'Host', value: [host] },
    { name: 'User-Agent', value: ['stickybench'] },
    ...(authorization === null ? [] : [{ name: 'Authorization', value: [authorization] }]),
  ];
  for (const { name, value } of [...own, ...headers]) lines.set(name.toLowerCase(), { name: name.toLowerCase(), label: name, value });
  lines.delete('content-length');
  return [...lines.values()];
}

/** UTF-8, one character a byte. */
function bytes(text: string): string {
  return /^\p{ASCII}*$/u.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** A header value in which a captured text cannot start another header (RFC 9110 5.5). */
function printable(text: string): string {
  return bytes(text.replace(/[\r\n\0]+/g, ' ').trim());
}

function elsewhere(step: RequestStep, site: Site): StickyError {
  return new StickyError(
    'WORKLOAD_INVALID',
    `"${step.name}" asks for "${withoutUser(render(step.path, () => undefined))}", which is not on the target ${site.origin}.`,
    'Write a path, or a URL of the target: load goes only to the target.',
  );
}
