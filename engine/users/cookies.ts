// The words about cookies: what a run has in common, what a user holds, what goes with a request, what an answer says.

import type { SessionTag } from '../../model/session.ts';
import type { Disguise } from './disguise.ts';
import type { Site } from './site.ts';

/** What is the same for all the wallets of a run. */
export interface Mint {
  readonly site: Site;
  readonly sessionCookie: string;
  /** `Cookie: JSESSIONID=` */
  readonly sessionLine: string;
  /** A cookie whose value names the backend; null when backends are told another way. */
  readonly backendCookie: string | null;
  readonly disguise: Disguise;
}

/** Wall clock in milliseconds since 1970: expiry dates are given in it. */
export type Epoch = number;

/** A live cookie. */
export interface Coin {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Tag of the session id that the value is; null when it is none. */
  readonly tag: SessionTag | null;
}

/** The cookies that go with a request. */
export interface Carried {
  /** `Cookie: a=1; b=2\r\n`, or nothing. */
  readonly line: string;
  /** The session id and its tag, null when the request carries none. */
  readonly id: string | null;
  readonly tag: SessionTag | null;
  /** Value of the cookie that names the backend. */
  readonly backend: string | null;
}

/** What the Set-Cookie headers of one answer say about the cookies that matter. */
export interface News {
  readonly id: string | null;
  readonly tag: SessionTag | null;
  readonly deleted: boolean;
  readonly backend: string | null;
}

export const NOTHING_CARRIED: Carried = { line: '', id: null, tag: null, backend: null };
export const NO_NEWS: News = { id: null, tag: null, deleted: false, backend: null };
export const DELETED: News = { ...NO_NEWS, deleted: true };

export function coinOf(mint: Mint, name: string, value: string, path: string): Coin {
  const isSession = name === mint.sessionCookie && value !== '';
  return { name, value, path, tag: isSession ? mint.disguise.session(value) : null };
}

/** What a request carries that these cookies go with, in this order. */
export function carriedOf(coins: readonly Coin[], { sessionCookie, backendCookie }: Mint): Carried {
  if (coins.length === 0) return NOTHING_CARRIED;
  const session = coins.find(({ name }) => name === sessionCookie);
  return {
    line: `Cookie: ${coins.map(({ name, value }) => `${name}=${value}`).join('; ')}\r\n`,
    id: session?.value || null,
    tag: session?.tag ?? null,
    backend: coins.find(({ name }) => name === backendCookie)?.value ?? null,
  };
}

/** What a request carries that nothing goes with but the session cookie. */
export function sessionAlone(id: string, tag: SessionTag, { sessionCookie, sessionLine, backendCookie }: Mint): Carried {
  return { line: `${sessionLine}${id}\r\n`, id, tag, backend: sessionCookie === backendCookie ? id : null };
}

/** What it says that a cookie was set. */
export function newsOf({ name, value, tag }: Coin, { backendCookie }: Mint): News {
  const backend = name === backendCookie ? value : null;
  return tag === null && backend === null ? NO_NEWS : { id: tag === null ? null : value, tag, deleted: false, backend };
}

/** A later header of one answer overrides an earlier one. */
export function joined(news: News, next: News): News {
  if (news === NO_NEWS) return next;
  if (next === NO_NEWS) return news;
  const session = next.tag !== null || next.deleted ? next : news;
  return { id: session.id, tag: session.tag, deleted: session.deleted, backend: next.backend ?? news.backend };
}
