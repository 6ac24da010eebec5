// The balancer's access log, line for line what the real lab's nginx writes.

import { cookieValue } from '../routing/cookie.ts';
import { SESSION_COOKIE } from '../session-cookie.ts';

/** One server that was tried. */
export interface Attempt {
  /** `$upstream_addr`: the server's address, or the group's name when no server could be used. */
  readonly address: string;
  /** `$upstream_status`; null when the client left before there was one. */
  readonly status: number | null;
}

export interface Served {
  /** Unix time in milliseconds at the end of the request. */
  readonly at: number;
  /** After realip. */
  readonly client: string;
  readonly method: string;
  readonly url: string;
  /** HTTP version, `1.1`. */
  readonly version: string;
  readonly status: number;
  readonly attempts: readonly Attempt[];
  /** Text of the Cookie header. */
  readonly cookies: string;
  /** Set-Cookie headers of the last answer. */
  readonly setCookies: readonly string[];
}

/** Status for a client that left before he was answered (NGX_HTTP_CLIENT_CLOSED_REQUEST). */
export const CLIENT_CLOSED = 499;

/** `$msec $remote_addr "$request" $status up="$upstream_addr" ust="$upstream_status" ck="$cookie_jsessionid" setck="$upstream_cookie_jsessionid"` */
export function accessLine(served: Served): string {
  const { at, client, method, url, version, status, attempts, cookies, setCookies } = served;
  const statuses = attempts.map((attempt) => attempt.status ?? '-').join(', ');
  const set = setCookies.map((text) => cookieValue(text, SESSION_COOKIE)).find((value) => value !== null) ?? null;
  const fields = [
    `up=${quoted(pathOf(attempts))}`,
    `ust=${quoted(statuses)}`,
    `ck=${quoted(cookieValue(cookies, SESSION_COOKIE))}`,
    `setck=${quoted(set)}`,
  ];
  return `${(at / 1000).toFixed(3)} ${client} "${escaped(`${method} ${url} HTTP/${version}`)}" ${status} ${fields.join(' ')}\n`;
}

/** `$upstream_addr`. */
export function pathOf(attempts: readonly Attempt[]): string {
  return attempts.map((attempt) => attempt.address).join(', ');
}

/** A dash for what there is not; what is empty is written so. */
function quoted(text: string | null): string {
  return `"${text === null ? '-' : escaped(text)}"`;
}

/** ngx_http_log_escape: quotes, backslashes and what is not printable ASCII as \xHH. */
function escaped(text: string): string {
  return text.replaceAll(/["\\]|[^ -~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
