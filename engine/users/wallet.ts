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

/**
 * A wallet keeps what it was sent, not a jar: a jar with one cookie takes a kilobyte, and a million of them keep the garbage collector busy.
 * Whenever something changes a jar is made for the moment, by sending it everything again.
 */
export interface Wallet {
  /** The last Set-Cookie of each cookie, in the order in which the cookies first came. */
  readonly receipts: Receipt[];
  /** Paths of the live cookies, each once. */
  paths: readonly string[];
  /** What to carry, by which of the paths match. */
  carried: (Carried | undefined)[];
  /** When the first of the cookies expires. */
  expires: Epoch;
}

/** A Set-Cookie header already understood. The same text again means the same, except that a Max-Age starts anew. */
interface Receipt {
  readonly raw: string;
  /** Name, domain and path: what makes it the same cookie (RFC 6265 5.3 step 11). */
  readonly identity: string;
  /** The path it got for want of one of its own; null when it names one. */
  readonly defaultPath: string | null;
  readonly news: News;
  /** Its life is counted from its receipt. */
  readonly ages: boolean;
  received: Epoch;
  /** When the cookie goes as far as the wallet knows; never for a deletion, which means the same each time. */
  until: Epoch;
}

export const NOTHING_CARRIED: Carried = { line: '', id: null, tag: null, backend: null };
export const NO_NEWS: News = { id: null, tag: null, deleted: false, backend: null };

/** Beyond this many different cookie paths, what to carry is put together each time instead of being kept by a mask of paths. */
const MASKED_PATHS = 8;

/** The last instant a Date can hold (ECMA-262 21.4.1.1). */
const LAST_DATE: Epoch = 8.64e15;

const ROOT: readonly string[] = ['/'];
const NO_PATHS: readonly string[] = [];

export function createWallet(): Wallet {
  return { receipts: [], paths: NO_PATHS, carried: [], expires: Number.POSITIVE_INFINITY };
}

/** Puts an answer's Set-Cookie headers into the wallet, in order. `path` is the path of the request without query. */
export function take(wallet: Wallet, mint: Mint, setCookies: readonly string[], path: string, now: Epoch): News {
  let news = NO_NEWS;
  let changed = false;
  for (const raw of setCookies) {
    const known = receiptOf(wallet, raw, path, now);
    const receipt = known ?? file(wallet, mint, raw, path, now);
    if (receipt === null) continue;
    if (known === null || now >= known.until) changed = true;
    if (receipt.ages) receipt.received = now;
    news = joined(news, receipt.news);
  }
  if (changed) recount(wallet, mint, now);
  return news;
}

/** What a request for a path (without query) carries now. Allocates nothing while the cookies stay as they are. */
export function carry(wallet: Wallet, mint: Mint, path: string, now: Epoch): Carried {
  if (now >= wallet.expires) recount(wallet, mint, now);
  const { paths } = wallet;
  if (paths.length === 0) return NOTHING_CARRIED;
  if (paths.length > MASKED_PATHS) return gather(jarOf(wallet, mint, now), mint, path);
  let mask = 0;
  for (let place = 0; place < paths.length; place += 1) {
    const cookiePath = paths[place];
    if (cookiePath !== undefined && (cookiePath === '/' || pathMatch(path, cookiePath))) mask |= 1 << place;
  }
  const before = wallet.carried[mask];
  if (before !== undefined) return before;
  const carried = gather(jarOf(wallet, mint, now), mint, path);
  wallet.carried[mask] = carried;
  return carried;
}

/** The receipt of exactly this header, unless a date in it has passed since. */
function receiptOf({ receipts }: Wallet, raw: string, path: string, now: Epoch): Receipt | null {
  for (const receipt of receipts) {
    if (receipt.raw !== raw || (receipt.defaultPath !== null && receipt.defaultPath !== defaultPath(path))) continue;
    return receipt.ages || now < receipt.until ? receipt : null;
  }
  return null;
}

/**
 * Files a new receipt. Null when it is no cookie. One that no jar takes (another domain, Secure over http) is news all the same, because it
 * was set, but must not take the place of one that a jar holds.
 */
function file(wallet: Wallet, mint: Mint, raw: string, path: string, now: Epoch): Receipt | null {
  const cookie = Cookie.parse(raw);
  if (cookie === undefined) return null;
  const until = expiryOf(cookie, now);
  const expired = until <= now;
  const news = newsOf(cookie, mint, expired);
  const fallback = cookie.path === null ? defaultPath(path) : null;
  const taken = emptyJar().setCookieSync(cookie, mint.site.origin + path, { ignoreError: true }) !== undefined;
  const receipt = {
    raw,
    identity: `${taken ? 'taken' : 'refused'};${cookie.key};${cookie.domain};${cookie.path}`,
    defaultPath: fallback,
    news,
    ages: typeof cookie.maxAge === 'number' && !expired,
    received: now,
    until: expired ? Number.POSITIVE_INFINITY : until,
  };
  const place = wallet.receipts.findIndex(({ identity }) => identity === receipt.identity);
  if (place < 0) wallet.receipts.push(receipt);
  else wallet.receipts[place] = receipt;
  return receipt;
}

/** Max-Age goes before Expires (RFC 6265 5.3 step 3); an age of zero or less is past at once. */
function expiryOf(cookie: Cookie, received: Epoch): Epoch {
  if (typeof cookie.maxAge === 'number') return cookie.maxAge <= 0 ? 0 : Math.min(LAST_DATE, received + cookie.maxAge * 1000);
  if (cookie.maxAge === '-Infinity') return 0;
  return cookie.expires instanceof Date ? cookie.expires.getTime() : Number.POSITIVE_INFINITY;
}

function newsOf(cookie: Cookie, mint: Mint, expired: boolean): News {
  const gone = expired || cookie.value === '';
  const backend = cookie.key === mint.backendCookie && !gone ? cookie.value : null;
  if (cookie.key !== mint.sessionCookie) return backend === null ? NO_NEWS : { ...NO_NEWS, backend };
  return gone ? { ...NO_NEWS, deleted: true } : { id: cookie.value, tag: mint.disguise.session(cookie.value), deleted: false, backend };
}

/** A later header of one answer overrides an earlier one. */
function joined(news: News, next: News): News {
  if (news === NO_NEWS) return next;
  if (next === NO_NEWS) return news;
  const session = next.tag !== null || next.deleted ? next : news;
  return { id: session.id, tag: session.tag, deleted: session.deleted, backend: next.backend ?? news.backend };
}

/** Looks at all cookies again: which paths they have, and when the first one goes. */
function recount(wallet: Wallet, mint: Mint, now: Epoch): void {
  const cookies = jarOf(wallet, mint, now);
  const rooted = cookies.every(({ path }) => path === '/');
  wallet.paths = cookies.length === 0 ? NO_PATHS : rooted ? ROOT : [...new Set(cookies.map(pathOf))];
  wallet.expires = Math.min(...cookies.map((cookie) => expiryOf(cookie, now)), Number.POSITIVE_INFINITY);
  wallet.carried = rooted ? [undefined, gather(cookies, mint, '/')] : [];
}

/**
 * The live cookies, in the order they are sent. Max-Age becomes a date, because tough-cookie counts it from the last use of the cookie
 * (Cookie.expiryTime, 6.1), so that a cookie in use would never expire; RFC 6265 5.2.2 counts from its receipt.
 */
function jarOf(wallet: Wallet, { site }: Mint, now: Epoch): readonly Cookie[] {
  const jar = emptyJar();
  for (const receipt of wallet.receipts) {
    const cookie = Cookie.parse(receipt.raw);
    if (cookie === undefined) continue;
    const expiry = expiryOf(cookie, receipt.received);
    if (receipt.ages) receipt.until = expiry;
    if (expiry <= now) continue;
    if (expiry !== Number.POSITIVE_INFINITY) cookie.expires = new Date(expiry);
    cookie.maxAge = null;
    cookie.path = receipt.defaultPath ?? cookie.path;
    // One time of creation for all: cookies of one length of path are then sent in the order in which they first came.
    jar.setCookieSync(cookie, site.origin, { ignoreError: true, now: BEGINNING });
  }
  return jar.getCookiesSync(site.origin, { allPaths: true, expire: false, sort: true });
}

const BEGINNING = new Date(0);

/**
 * `Secure` is taken at its word on loopback too (browsers make an exception for localhost), because a load test over http stands for what
 * another host would see.
 */
function emptyJar(): CookieJar {
  return new CookieJar(undefined, { allowSecureOnLocal: false });
}

function gather(cookies: readonly Cookie[], mint: Mint, path: string): Carried {
  const sent = cookies.filter((cookie) => pathMatch(path, pathOf(cookie)));
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
