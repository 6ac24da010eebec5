// Several cookies of a user, or one that is more than a session cookie.

import { pathMatch } from 'tough-cookie';
import {
  type Carried,
  type Coin,
  carriedOf,
  coinOf,
  DELETED,
  type Epoch,
  joined,
  type Mint,
  type News,
  NO_NEWS,
  NOTHING_CARRIED,
  newsOf,
} from './cookies.ts';
import { type PlainCookie, plainCookie } from './plain-cookie.ts';
import { file, liveCookies, type Receipt, receiptOf, receiptsFor } from './receipts.ts';

export interface Purse {
  /** The live cookies in the order in which they are sent: long paths first, those of one length as they first came. */
  coins: readonly Coin[];
  /** The last Set-Cookie of each cookie, where a jar must be asked about one of them; null while all are plain. */
  receipts: Receipt[] | null;
  /** Paths of the cookies, each once. */
  paths: readonly string[];
  /** What to carry, by which of the paths match. */
  carried: (Carried | undefined)[];
  /** When the first of the cookies expires. */
  expires: Epoch;
}

/** Beyond this many different cookie paths, what to carry is put together each time instead of being kept by a mask of paths. */
const MASKED_PATHS = 8;

export function createPurse(coins: readonly Coin[]): Purse {
  const purse: Purse = { coins, receipts: null, paths: [], carried: [], expires: Number.POSITIVE_INFINITY };
  sort(purse, coins);
  return purse;
}

/** Puts an answer's Set-Cookie headers in, one after the other. `path` is the path of the request without query. */
export function takeIn(purse: Purse, mint: Mint, setCookies: readonly string[], path: string, now: Epoch): News {
  const overTls = mint.site.origin.startsWith('https:');
  let news = NO_NEWS;
  let changed = false;
  for (const raw of setCookies) {
    const plain = purse.receipts === null ? plainCookie(raw, path, overTls, now) : null;
    if (plain !== null) {
      news = joined(news, takePlain(purse, mint, plain));
      continue;
    }
    purse.receipts ??= receiptsFor(purse.coins, mint, now);
    const known = receiptOf(purse.receipts, raw, path, now);
    const receipt = known ?? file(purse.receipts, mint, raw, path, now);
    if (receipt === null) continue;
    if (known === null || now >= known.until) changed = true;
    if (receipt.ages) receipt.received = now;
    news = joined(news, receipt.news);
  }
  if (changed) recount(purse, mint, now);
  return news;
}

/** What a request for a path (without query) carries now. Allocates nothing while the cookies stay as they are. */
export function carryFrom(purse: Purse, mint: Mint, path: string, now: Epoch): Carried {
  if (now >= purse.expires) recount(purse, mint, now);
  const { paths } = purse;
  if (paths.length === 0) return NOTHING_CARRIED;
  if (paths.length > MASKED_PATHS) return gather(purse, mint, path);
  let mask = 0;
  for (let place = 0; place < paths.length; place += 1) {
    const cookiePath = paths[place];
    if (cookiePath !== undefined && (cookiePath === '/' || pathMatch(path, cookiePath))) mask |= 1 << place;
  }
  const before = purse.carried[mask];
  if (before !== undefined) return before;
  const carried = gather(purse, mint, path);
  purse.carried[mask] = carried;
  return carried;
}

function takePlain(purse: Purse, mint: Mint, { name, value, path }: PlainCookie): News {
  const { coins } = purse;
  const place = coins.findIndex((coin) => coin.name === name && coin.path === path);
  const known = coins[place];
  if (value === null) {
    if (known !== undefined) sort(purse, coins.toSpliced(place, 1));
    return name === mint.sessionCookie ? DELETED : NO_NEWS;
  }
  if (known?.value === value) return newsOf(known, mint);
  const coin = coinOf(mint, name, value, path);
  sort(purse, known === undefined ? [...coins, coin] : coins.with(place, coin));
  return newsOf(coin, mint);
}

/**
 * Asks a jar which cookies live. When one has gone, and all that are left are plain, the receipts go too. A deletion that deletes nothing is
 * kept: it is likely to come with every answer.
 */
function recount(purse: Purse, mint: Mint, now: Epoch): void {
  const { receipts, coins } = purse;
  if (receipts === null) return;
  const live = liveCookies(receipts, mint, now);
  purse.expires = live.expires;
  if (live.coins.length < coins.length && receipts.every(({ plain, gone }) => plain || gone)) purse.receipts = null;
  sort(purse, live.coins);
}

function sort(purse: Purse, coins: readonly Coin[]): void {
  purse.coins = coins.toSorted((one, other) => other.path.length - one.path.length);
  purse.paths = [...new Set(coins.map(({ path }) => path))];
  purse.carried = [];
}

function gather({ coins }: Purse, mint: Mint, path: string): Carried {
  return carriedOf(
    coins.filter((coin) => pathMatch(path, coin.path)),
    mint,
  );
}
