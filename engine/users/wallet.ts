// A user's cookies: tough-cookie decides what they mean, and is asked only when an answer sets something new.

import { Cookie, CookieJar, defaultPath, pathMatch } from 'tough-cookie';
import type { SessionTag } from '../../model/session.ts';
import type { Disguise } from './disguise.ts';
import type { Site } from './site.ts';

/** What is the same for all the wallets of a run. */
export interface Mint {
  readonly site: Site;
  readonly sessionCookie: string;
  /** A cookie whose value names the backend; null when backends are told another way. */
  readonly backendCookie: string | null;
  readonly disguise: Disguise;
}

/** Wall clock in milliseconds since 1970: expiry dates are given in it. */
export type Epoch = number;

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

export interface Wallet {
  readonly jar: CookieJar;
  /** The last Set-Cookie of each name. */
  readonly seen: Seen[];
  /** Live cookies in the order they are sent, as of the last change. */
  cookies: readonly Cookie[];
  /** Their paths, each once. */
  paths: readonly string[];
  /** What to carry, by which of the paths match. */
  readonly carried: Map<number, Carried>;
  /** When the first of the cookies expires. */
  expires: Epoch;
}

/** A Set-Cookie header already understood. The same text again means the same, except that a Max-Age starts anew. */
interface Seen {
  readonly name: string;
  readonly raw: string;
  /** The path it got for want of one of its own; null when it names one. */
  readonly defaultPath: string | null;
  readonly news: News;
  /** Length of its life in milliseconds, null without Max-Age. */
  readonly maxAge: number | null;
  /** When it was received last, if that has not reached the jar yet; else 0. */
  renewed: Epoch;
  /** When the jar lets go of it; never for a deletion, which means the same each time. */
  until: Epoch;
}

export const NOTHING_CARRIED: Carried = { line: '', id: null, tag: null, backend: null };
export const NO_NEWS: News = { id: null, tag: null, deleted: false, backend: null };

/** More different cookie paths than bits of a mask: then what to carry is put together each time. */
const MASKED_PATHS = 30;

/** The last instant a Date can hold (ECMA-262 21.4.1.1). */
const LAST_DATE: Epoch = 8.64e15;

/**
 * An empty wallet. `Secure` is taken at its word on loopback too (browsers make an exception for localhost), because a load test over http
 * stands for what another host would see.
 */
export function createWallet(): Wallet {
  const jar = new CookieJar(undefined, { allowSecureOnLocal: false });
  return { jar, seen: [], cookies: [], paths: [], carried: new Map(), expires: Number.POSITIVE_INFINITY };
}

/** Puts an answer's Set-Cookie headers into the wallet, in order. `path` is the path of the request without query. */
export function take(wallet: Wallet, mint: Mint, setCookies: readonly string[], path: string, now: Epoch): News {
  let news = NO_NEWS;
  let changed = false;
  for (const raw of setCookies) {
    const place = wallet.seen.findIndex(
      (seen) => seen.raw === raw && (seen.defaultPath === null || seen.defaultPath === defaultPath(path)),
    );
    const known = wallet.seen[place];
    if (known !== undefined && (known.maxAge !== null || now < known.until)) {
      if (known.maxAge !== null) known.renewed = now;
      if (now >= known.until) changed = true;
      news = joined(news, known);
      continue;
    }
    const fresh = store(wallet, mint, raw, path, now);
    if (fresh === null) continue;
    changed = true;
    news = joined(news, fresh);
  }
  if (changed) recount(wallet, mint, now);
  return news;
}

/** What a request for a path (without query) carries now. Allocates nothing while the cookies stay as they are. */
export function carry(wallet: Wallet, mint: Mint, path: string, now: Epoch): Carried {
  if (now >= wallet.expires) recount(wallet, mint, now);
  const { paths } = wallet;
  if (paths.length === 0) return NOTHING_CARRIED;
  if (paths.length > MASKED_PATHS) return gather(wallet, mint, path);
  let mask = 0;
  for (let place = 0; place < paths.length; place += 1) {
    const cookiePath = paths[place];
    if (cookiePath !== undefined && (cookiePath === '/' || pathMatch(path, cookiePath))) mask |= 1 << place;
  }
  const before = wallet.carried.get(mask);
  if (before !== undefined) return before;
  const carried = gather(wallet, mint, path);
  wallet.carried.set(mask, carried);
  return carried;
}

/** Null when it is no cookie at all. One that the jar refuses (another domain, Secure over http) is news all the same: the answer set it. */
function store(wallet: Wallet, mint: Mint, raw: string, path: string, now: Epoch): Seen | null {
  const cookie = Cookie.parse(raw);
  if (cookie === undefined) return null;
  const until = expiryOf(cookie, now);
  const expired = until <= now;
  const seen = {
    name: cookie.key,
    raw,
    defaultPath: cookie.path === null ? defaultPath(path) : null,
    maxAge: typeof cookie.maxAge === 'number' && !expired ? cookie.maxAge * 1000 : null,
    renewed: 0,
    until: expired ? Number.POSITIVE_INFINITY : until,
    news: newsOf(cookie, mint, expired),
  };
  const place = wallet.seen.findIndex(({ name }) => name === cookie.key);
  const before = wallet.seen[place];
  if (before === undefined) wallet.seen.push(seen);
  else {
    renew(wallet, mint, before);
    wallet.seen[place] = seen;
  }
  put(wallet, mint, cookie, path, now);
  return seen;
}

/** Gives the jar a cookie that was received again with a Max-Age, as of its last receipt. */
function renew(wallet: Wallet, mint: Mint, seen: Seen): void {
  const cookie = seen.renewed > 0 ? Cookie.parse(seen.raw) : undefined;
  if (cookie === undefined) return;
  if (seen.defaultPath !== null) cookie.path = seen.defaultPath;
  seen.until = expiryOf(cookie, seen.renewed);
  put(wallet, mint, cookie, '/', seen.renewed);
  seen.renewed = 0;
}

/**
 * Max-Age becomes a date here. tough-cookie counts it from the last use of the cookie (Cookie.expiryTime, 6.1), so that a cookie in use
 * would never expire; RFC 6265 5.2.2 counts from its receipt.
 */
function put(wallet: Wallet, mint: Mint, cookie: Cookie, path: string, now: Epoch): void {
  const expiry = expiryOf(cookie, now);
  if (expiry !== Number.POSITIVE_INFINITY) cookie.expires = new Date(expiry);
  cookie.maxAge = null;
  wallet.jar.setCookieSync(cookie, mint.site.origin + path, { ignoreError: true, now: new Date(now) });
}

/** Max-Age goes before Expires (RFC 6265 5.3 step 3); an age of zero or less is past at once. */
function expiryOf(cookie: Cookie, now: Epoch): Epoch {
  if (typeof cookie.maxAge === 'number') return cookie.maxAge <= 0 ? 0 : Math.min(LAST_DATE, now + cookie.maxAge * 1000);
  if (cookie.maxAge === '-Infinity') return 0;
  return cookie.expires instanceof Date ? cookie.expires.getTime() : Number.POSITIVE_INFINITY;
}

function newsOf(cookie: Cookie, mint: Mint, expired: boolean): News {
  const gone = expired || cookie.value === '';
  if (cookie.key === mint.sessionCookie) {
    const backend = cookie.key === mint.backendCookie && !gone ? cookie.value : null;
    return gone ? { ...NO_NEWS, deleted: true } : { id: cookie.value, tag: mint.disguise.session(cookie.value), deleted: false, backend };
  }
  return cookie.key === mint.backendCookie && !gone ? { ...NO_NEWS, backend: cookie.value } : NO_NEWS;
}

/** A later header of one answer overrides an earlier one. */
function joined(news: News, { news: next }: Seen): News {
  if (news === NO_NEWS) return next;
  if (next === NO_NEWS) return news;
  const session = next.tag !== null || next.deleted ? next : news;
  return { id: session.id, tag: session.tag, deleted: session.deleted, backend: next.backend ?? news.backend };
}

/** Asks the jar what there is. Cookies received again since are renewed first. */
function recount(wallet: Wallet, mint: Mint, now: Epoch): void {
  for (const seen of wallet.seen) renew(wallet, mint, seen);
  const all = wallet.jar.getCookiesSync(mint.site.origin, { allPaths: true, expire: false, sort: true });
  wallet.cookies = all.filter((cookie) => expiryOf(cookie, now) > now);
  wallet.paths = [...new Set(wallet.cookies.map(pathOf))];
  wallet.expires = Math.min(...wallet.cookies.map((cookie) => expiryOf(cookie, now)), Number.POSITIVE_INFINITY);
  wallet.carried.clear();
}

function gather(wallet: Wallet, mint: Mint, path: string): Carried {
  const sent = wallet.cookies.filter((cookie) => pathMatch(path, pathOf(cookie)));
  if (sent.length === 0) return NOTHING_CARRIED;
  const id = sent.find(({ key }) => key === mint.sessionCookie)?.value || null;
  return {
    line: `Cookie: ${sent.map((cookie) => cookie.cookieString()).join('; ')}\r\n`,
    id,
    tag: id === null ? null : mint.disguise.session(id),
    backend: sent.find(({ key }) => key === mint.backendCookie)?.value ?? null,
  };
}

function pathOf(cookie: Cookie): string {
  return cookie.path ?? '/';
}
