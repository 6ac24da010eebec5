// A user's cookies: most often the session cookie alone, which is two texts and a path; more than that is a purse.

import { pathMatch } from 'tough-cookie';
import { type Carried, DELETED, type Epoch, joined, type Mint, type News, NO_NEWS, NOTHING_CARRIED, sessionAlone } from './cookies.ts';
import { type PlainCookie, plainCookie } from './plain-cookie.ts';
import { carryFrom, createPurse, type Purse, takeIn } from './purse.ts';

export interface Wallet {
  /** What requests carry to which the session cookie goes, where it is plain and the only one; null when it is not, or there is none. */
  alone: Carried | null;
  /** Path of that cookie. */
  path: string;
  /** All cookies, where there are others. */
  purse: Purse | null;
}

export function createWallet(): Wallet {
  return { alone: null, path: '/', purse: null };
}

/** Takes all cookies out. */
export function empty(wallet: Wallet): void {
  wallet.alone = null;
  wallet.path = '/';
  wallet.purse = null;
}

/** Puts an answer's Set-Cookie headers into the wallet, in order. `path` is the path of the request without query. */
export function take(wallet: Wallet, mint: Mint, setCookies: readonly string[], path: string, now: Epoch): News {
  let news = NO_NEWS;
  let taken = 0;
  const overTls = mint.site.origin.startsWith('https:');
  for (; wallet.purse === null && taken < setCookies.length; taken += 1) {
    const plain = plainCookie(setCookies[taken] ?? '', path, overTls, now);
    if (plain === null || !staysAlone(wallet, mint, plain)) break;
    news = joined(news, takeAlone(wallet, mint, plain));
  }
  if (taken === setCookies.length) return news;
  const purse = wallet.purse ?? createPurse(coinsOf(wallet, mint));
  news = joined(news, takeIn(purse, mint, taken === 0 ? setCookies : setCookies.slice(taken), path, now));
  settle(wallet, mint, purse);
  return news;
}

/** What a request for a path (without query) carries now. Allocates nothing while the cookies stay as they are. */
export function carry({ alone, path, purse }: Wallet, mint: Mint, requested: string, now: Epoch): Carried {
  if (purse !== null) return carryFrom(purse, mint, requested, now);
  if (alone === null) return NOTHING_CARRIED;
  return path === '/' || pathMatch(requested, path) ? alone : NOTHING_CARRIED;
}

/** No other cookie comes to be beside the session's, nor one of the same name under another path. */
function staysAlone({ alone, path }: Wallet, { sessionCookie }: Mint, plain: PlainCookie): boolean {
  return plain.value === null || (plain.name === sessionCookie && (alone === null || path === plain.path));
}

function takeAlone(wallet: Wallet, mint: Mint, { name, value, path }: PlainCookie): News {
  if (value === null) {
    if (name !== mint.sessionCookie) return NO_NEWS;
    if (wallet.path === path) wallet.alone = null;
    return DELETED;
  }
  if (wallet.alone?.id !== value) {
    wallet.alone = sessionAlone(value, mint.disguise.session(value), mint);
    wallet.path = path;
  }
  const { id, tag, backend } = wallet.alone;
  return { id, tag, deleted: false, backend };
}

function coinsOf({ alone, path }: Wallet, { sessionCookie }: Mint) {
  return alone === null || alone.id === null ? [] : [{ name: sessionCookie, value: alone.id, path, tag: alone.tag }];
}

/** Keeps the purse, unless there is no more in it than nothing, or a session cookie. */
function settle(wallet: Wallet, mint: Mint, purse: Purse): void {
  const { coins, receipts } = purse;
  const [first] = coins;
  const single = receipts === null && coins.length < 2 && (first === undefined || first.tag !== null);
  wallet.purse = single ? null : purse;
  wallet.alone = single && first !== undefined && first.tag !== null ? sessionAlone(first.value, first.tag, mint) : null;
  wallet.path = first?.path ?? '/';
}
