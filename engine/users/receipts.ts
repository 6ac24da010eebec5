// The cookies that only a jar can judge: those with an end, a domain, or attributes that not every server writes.

import { Cookie, CookieJar, defaultPath } from 'tough-cookie';
import { flat } from '../flat.ts';
import { type Coin, coinOf, DELETED, type Epoch, type Mint, type News, NO_NEWS, newsOf } from './cookies.ts';

/**
 * A Set-Cookie header already understood. The same text again means the same, except that a Max-Age starts anew.
 *
 * Receipts are kept and no jar, because a jar with one cookie takes a kilobyte, and a million of them keep the garbage collector busy. Whenever
 * something changes a jar is made for the moment, by sending it everything again.
 */
export interface Receipt {
  readonly raw: string;
  /** Name, domain and path: what makes it the same cookie (RFC 6265 5.3 step 11). */
  readonly identity: string;
  /** The path it got for want of one of its own; null when it names one. */
  readonly defaultPath: string | null;
  readonly news: News;
  /** Its life is counted from its receipt. */
  readonly ages: boolean;
  /** The cookie lives as long as its user and is of his host alone: a jar has nothing to judge about it. */
  readonly plain: boolean;
  received: Epoch;
  /** When the cookie goes as far as is known; never for a deletion, which means the same each time. */
  until: Epoch;
  /** There is no cookie to this receipt: it was a deletion, or its time was over when a jar was last asked. */
  gone: boolean;
}

/** The live cookies, and when the first of them goes. */
export interface Live {
  readonly coins: readonly Coin[];
  readonly expires: Epoch;
}

/** The last instant a Date can hold (ECMA-262 21.4.1.1). */
const LAST_DATE: Epoch = 8.64e15;

/** Receipts as if cookies known to be plain had just been set. */
export function receiptsFor(coins: readonly Coin[], mint: Mint, now: Epoch): Receipt[] {
  const receipts: Receipt[] = [];
  for (const { name, value, path } of coins) file(receipts, mint, `${name}=${value}; Path=${path}`, path, now);
  return receipts;
}

/** The receipt of exactly this header, unless a date in it has passed since; null when there is none. */
export function receiptOf(receipts: readonly Receipt[], raw: string, path: string, now: Epoch): Receipt | null {
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
export function file(receipts: Receipt[], mint: Mint, raw: string, path: string, now: Epoch): Receipt | null {
  const cookie = Cookie.parse(raw);
  if (cookie === undefined) return null;
  const until = expiryOf(cookie, now);
  const expired = until <= now;
  const fallback = cookie.path === null ? defaultPath(path) : null;
  const ofHost = cookie.domain === null;
  const taken = emptyJar().setCookieSync(cookie, mint.site.origin + path, { ignoreError: true }) !== undefined;
  const receipt = {
    raw: flat(raw),
    identity: `${taken ? 'taken' : 'refused'};${cookie.key};${cookie.domain};${cookie.path}`,
    defaultPath: fallback,
    news: newsOfCookie(cookie, mint, expired),
    ages: typeof cookie.maxAge === 'number' && !expired,
    plain: taken && ofHost && until === Number.POSITIVE_INFINITY,
    received: now,
    until: expired ? Number.POSITIVE_INFINITY : until,
    gone: expired,
  };
  const place = receipts.findIndex(({ identity }) => identity === receipt.identity);
  if (place < 0) receipts.push(receipt);
  else receipts[place] = receipt;
  return receipt;
}

/**
 * The live cookies in the order in which they are sent. Max-Age becomes a date, because tough-cookie counts it from the last use of the cookie
 * (Cookie.expiryTime, 6.1), so that a cookie in use would never expire; RFC 6265 5.2.2 counts from its receipt.
 */
export function liveCookies(receipts: readonly Receipt[], mint: Mint, now: Epoch): Live {
  const { origin } = mint.site;
  const jar = emptyJar();
  for (const receipt of receipts) {
    const cookie = Cookie.parse(receipt.raw);
    if (cookie === undefined) continue;
    const expiry = expiryOf(cookie, receipt.received);
    if (receipt.ages) receipt.until = expiry;
    receipt.gone = expiry <= now;
    if (receipt.gone) continue;
    if (expiry !== Number.POSITIVE_INFINITY) cookie.expires = new Date(expiry);
    cookie.maxAge = null;
    cookie.path = receipt.defaultPath ?? cookie.path;
    // One time of creation for all: cookies of one length of path are then sent in the order in which they first came.
    jar.setCookieSync(cookie, origin, { ignoreError: true, now: BEGINNING });
  }
  const cookies = jar.getCookiesSync(origin, { allPaths: true, expire: false, sort: true });
  return {
    coins: cookies.map(({ key, value, path }) => coinOf(mint, key, flat(value), path ?? '/')),
    expires: Math.min(...cookies.map((cookie) => expiryOf(cookie, now)), Number.POSITIVE_INFINITY),
  };
}

/** Max-Age goes before Expires (RFC 6265 5.3 step 3); an age of zero or less is past at once. */
function expiryOf(cookie: Cookie, received: Epoch): Epoch {
  if (typeof cookie.maxAge === 'number') return cookie.maxAge <= 0 ? 0 : Math.min(LAST_DATE, received + cookie.maxAge * 1000);
  if (cookie.maxAge === '-Infinity') return 0;
  return cookie.expires instanceof Date ? cookie.expires.getTime() : Number.POSITIVE_INFINITY;
}

function newsOfCookie({ key, value, path }: Cookie, mint: Mint, expired: boolean): News {
  if (!expired && value !== '') return newsOf(coinOf(mint, key, flat(value), path ?? '/'), mint);
  return key === mint.sessionCookie ? DELETED : NO_NEWS;
}

const BEGINNING = new Date(0);

/**
 * `Secure` is taken at its word on loopback too (browsers make an exception for localhost), because a load test over http stands for what
 * another host would see.
 */
function emptyJar(): CookieJar {
  return new CookieJar(undefined, { allowSecureOnLocal: false });
}
