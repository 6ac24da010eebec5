import fc from 'fast-check';
import { CookieJar } from 'tough-cookie';
import { describe, expect, it } from 'vitest';
import { type Mint, NO_NEWS } from './cookies.ts';
import { createDisguise } from './disguise.ts';
import { siteOf } from './site.ts';
import { carry, createWallet, take, type Wallet } from './wallet.ts';

const NOW = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const disguise = createDisguise(new Uint8Array(32), (rest) => rest === 'tomcat01');

function mint(url = 'http://site.test', backendCookie: string | null = null): Mint {
  return { site: siteOf(url), sessionCookie: 'SID', sessionLine: 'Cookie: SID=', backendCookie, disguise };
}

/** What a wallet sends for paths at a time, after one answer to a request for `/`. */
function sent(wallet: Wallet, own: Mint, path: string, now = NOW): string {
  return carry(wallet, own, path, now).line.replace(/^Cookie: |\r\n$/g, '');
}

function filled(setCookies: readonly string[], url?: string, path = '/'): readonly [Wallet, Mint] {
  const wallet = createWallet();
  const own = mint(url);
  take(wallet, own, setCookies, path, NOW);
  return [wallet, own];
}

describe('a wallet', () => {
  it('is empty at first', () => {
    expect(carry(createWallet(), mint(), '/', NOW)).toEqual({ line: '', id: null, tag: null, backend: null });
  });

  it('carries what was set, and knows the session id and its tag', () => {
    const [wallet, own] = filled(['SID=abc.tomcat01; Path=/; HttpOnly', 'lang=en']);
    expect(carry(wallet, own, '/', NOW)).toEqual({
      line: 'Cookie: SID=abc.tomcat01; lang=en\r\n',
      id: 'abc.tomcat01',
      tag: disguise.session('abc.tomcat01'),
      backend: null,
    });
  });

  it('gives the same object until something changes', () => {
    const [wallet, own] = filled(['SID=abc; Path=/']);
    const before = carry(wallet, own, '/a', NOW);
    take(wallet, own, ['SID=abc; Path=/'], '/b', NOW);
    expect(carry(wallet, own, '/b', NOW)).toBe(before);
    take(wallet, own, ['SID=def; Path=/'], '/b', NOW);
    expect(sent(wallet, own, '/b')).toBe('SID=def');
  });

  it('keeps cookies to their paths, longest first', () => {
    const [wallet, own] = filled(['a=1; Path=/', 'b=2; Path=/shop', 'c=3; Path=/shop/cart']);
    expect(['/', '/shop', '/shop/', '/shop/cart', '/shopping', '/shop/cart/x'].map((path) => sent(wallet, own, path))).toEqual([
      'a=1',
      'b=2; a=1',
      'b=2; a=1',
      'c=3; b=2; a=1',
      'a=1',
      'c=3; b=2; a=1',
    ]);
  });

  it('gives a cookie without a path the folder of the request', () => {
    const [wallet, own] = filled(['a=1'], undefined, '/shop/cart');
    expect(['/', '/shop', '/shop/x', '/other'].map((path) => sent(wallet, own, path))).toEqual(['', 'a=1', 'a=1', '']);
    take(wallet, own, ['a=1'], '/other/x', NOW);
    expect(sent(wallet, own, '/other')).toBe('a=1');
  });

  it('drops a cookie when its Max-Age is over, though it was in use', () => {
    const [wallet, own] = filled(['a=1; Max-Age=10; Path=/', 'b=2; Path=/']);
    const texts = [0, 5, 9.999, 10, 11].map((seconds) => sent(wallet, own, '/', NOW + seconds * SECOND));
    expect(texts).toEqual(['a=1; b=2', 'a=1; b=2', 'a=1; b=2', 'b=2', 'b=2']);
  });

  it('counts Max-Age from the last receipt of the same header', () => {
    const [wallet, own] = filled(['a=1; Max-Age=10; Path=/']);
    take(wallet, own, ['a=1; Max-Age=10; Path=/'], '/', NOW + 8 * SECOND);
    expect([9, 17.999, 18].map((seconds) => sent(wallet, own, '/', NOW + seconds * SECOND))).toEqual(['a=1', 'a=1', '']);
    take(wallet, own, ['a=1; Max-Age=10; Path=/'], '/', NOW + 30 * SECOND);
    expect(sent(wallet, own, '/', NOW + 31 * SECOND)).toBe('a=1');
  });

  it('takes Max-Age before Expires, and a date in the past as deletion', () => {
    const [wallet, own] = filled([
      'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=10; Path=/',
      'b=1; Expires=Thu, 01 Jan 2026 00:00:05 GMT; Path=/',
    ]);
    expect([0, 4.999, 5, 10].map((seconds) => sent(wallet, own, '/', NOW + seconds * SECOND))).toEqual(['a=1; b=1', 'a=1; b=1', 'a=1', '']);
    take(wallet, own, ['a=1; Path=/'], '/', NOW + 11 * SECOND);
    expect(sent(wallet, own, '/', NOW + 11 * SECOND)).toBe('a=1');
    take(wallet, own, ['a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/'], '/', NOW + 12 * SECOND);
    expect(sent(wallet, own, '/', NOW + 12 * SECOND)).toBe('');
  });

  it('survives a Max-Age beyond all dates', () => {
    const [wallet, own] = filled(['a=1; Max-Age=99999999999999999; Path=/']);
    expect(sent(wallet, own, '/')).toBe('a=1');
  });

  it('sends a Secure cookie over https only, and takes none over http, on loopback too', () => {
    expect(['https://127.0.0.1', 'http://127.0.0.1'].map((url) => sent(...filled(['a=1; Secure; Path=/'], url), '/'))).toEqual(['a=1', '']);
  });

  it('keeps a cookie that a refused one of the same name would replace', () => {
    const [wallet, own] = filled(['a=1; Path=/']);
    take(wallet, own, ['a=2; Secure; Path=/'], '/', NOW);
    expect(sent(wallet, own, '/')).toBe('a=1');
    take(wallet, own, ['a=3; Domain=site.test; Path=/'], '/', NOW);
    expect(sent(wallet, own, '/')).toBe('a=3');
  });

  it('holds as many receipts as there are cookies, however often they change', () => {
    const [wallet, own] = filled(['a=0; Path=/', 'b=0; Secure; Path=/']);
    for (let round = 1; round < 100; round += 1) take(wallet, own, [`a=${round}; Path=/`, `b=${round}; Secure; Path=/`], '/', NOW);
    expect([sent(wallet, own, '/'), wallet.purse?.receipts?.length]).toEqual(['a=99', 2]);
  });

  it('takes a cookie for its own domain, not for another or a public suffix', () => {
    const texts = ['shop.example.com', 'example.com', '.example.com', 'com', 'other.com', 'x.shop.example.com'].map((domain) =>
      sent(...filled([`a=1; Domain=${domain}; Path=/`], 'http://shop.example.com'), '/'),
    );
    expect(texts).toEqual(['a=1', 'a=1', 'a=1', '', '', '']);
  });

  it('tells what an answer did to the session', () => {
    const wallet = createWallet();
    const own = mint();
    expect(take(wallet, own, ['lang=en'], '/', NOW)).toEqual(NO_NEWS);
    expect(take(wallet, own, ['SID=abc; Path=/', 'lang=de'], '/', NOW)).toEqual({
      id: 'abc',
      tag: disguise.session('abc'),
      deleted: false,
      backend: null,
    });
    expect(take(wallet, own, ['SID=; Max-Age=0; Path=/'], '/', NOW)).toEqual({ ...NO_NEWS, deleted: true });
    expect(carry(wallet, own, '/', NOW).id).toBe(null);
    expect(take(wallet, own, ['SID=old; Max-Age=0; Path=/', 'SID=new; Path=/'], '/', NOW)).toMatchObject({ id: 'new', deleted: false });
  });

  it('tells the backend by its cookie, set or carried', () => {
    const wallet = createWallet();
    const own = mint(undefined, 'SRV');
    expect(take(wallet, own, ['SRV=s1; Path=/', 'SID=abc; Path=/'], '/', NOW)).toMatchObject({ id: 'abc', backend: 's1' });
    expect(carry(wallet, own, '/', NOW)).toMatchObject({ line: 'Cookie: SRV=s1; SID=abc\r\n', id: 'abc', backend: 's1' });
  });

  it('sends what a jar that is kept would send, whatever comes in whatever order', () => {
    const name = fc.constantFrom('a', 'b', 'SID');
    const path = fc.constantFrom('; Path=/', '; Path=/x', '; Path=/x/y', '');
    const extra = fc.constantFrom('', '', '; Max-Age=0', '; Secure', '; Domain=site.test', '; Domain=other.test');
    const header = fc.tuple(name, fc.nat(3), path, extra).map(([key, value, where, more]) => `${key}=${value}${where}${more}`);
    const answer = fc.tuple(fc.constantFrom('/', '/x', '/x/y/z'), fc.array(header, { maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
        const own = mint();
        const wallet = createWallet();
        const jar = new CookieJar();
        for (const [requested, setCookies] of answers) {
          take(wallet, own, setCookies, requested, NOW);
          for (const raw of setCookies) jar.setCookieSync(raw, `http://site.test${requested}`, { ignoreError: true });
          for (const asked of ['/', '/x', '/x/y', '/x/y/z', '/xy']) {
            const pairs = (text: string) => text.split('; ').sort();
            expect(pairs(sent(wallet, own, asked))).toEqual(pairs(jar.getCookieStringSync(`http://site.test${asked}`)));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('passes over what is no cookie', () => {
    const [wallet, own] = filled(['', 'nonsense', '=x', 'a=1; Path=/']);
    expect(sent(wallet, own, '/')).toBe('a=1');
  });

  it('holds more paths than a mask has bits', () => {
    const [wallet, own] = filled(Array.from({ length: 40 }, (_, place) => `c${place}=1; Path=/p${place}`));
    expect([sent(wallet, own, '/p0'), sent(wallet, own, '/p39'), sent(wallet, own, '/')]).toEqual(['c0=1', 'c39=1', '']);
  });
});
