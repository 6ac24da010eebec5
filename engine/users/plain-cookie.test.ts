import fc from 'fast-check';
import { CookieJar } from 'tough-cookie';
import { describe, expect, it } from 'vitest';
import type { Mint } from './cookies.ts';
import { createDisguise } from './disguise.ts';
import { plainCookie } from './plain-cookie.ts';
import { siteOf } from './site.ts';
import { carry, createWallet, take } from './wallet.ts';

const NOW = Date.UTC(2026, 0, 1);
const read = (header: string, { path = '/', overTls = false } = {}) => plainCookie(header, path, overTls, NOW);

/** Pieces that headers are put together from: those of servers, and worse. */
const names = fc.constantFrom('SID', 'a', 'b', '__Host-a', '__Secure-b', 'x y', 'a"b', '', ' a');
const values = fc.oneof(
  fc.constantFrom('', '1', 'abc.tomcat01', '"quoted"', 'a b', 'x=y', 'a,b', 'a\\b', 'ü', '\u0001', 'A1B2C3D4E5F6.n1'),
  fc.string(),
);
const attributes = fc.constantFrom(
  'Path=/',
  'path=/x',
  'Path=/x/y',
  'Path=',
  'Path=x',
  'Path',
  'Path=/a b',
  'HttpOnly',
  'HttpOnly=1',
  'Secure',
  'SameSite=Lax',
  'samesite=none',
  'SameSite',
  'SameSite=odd',
  'Max-Age=0',
  'Max-Age=-5',
  'Max-Age=60',
  'Max-Age=x',
  'Expires=Thu, 01 Jan 1970 00:00:00 GMT',
  'Expires=Thu, 01-Jan-1970 00:00:10 GMT',
  'Expires=Wed, 01 Jan 2098 00:00:00 GMT',
  'Expires=soon',
  'Domain=site.test',
  'Domain=',
  'Domain=other.test',
  'Priority=High',
  'Partitioned',
  '',
);
const separators = fc.constantFrom('; ', ';', ' ; ', ';;', ';\t');
const headers = fc
  .tuple(names, fc.constantFrom('=', ' = ', ''), values, fc.array(fc.tuple(separators, attributes), { maxLength: 4 }))
  .map(([name, equals, value, rest]) => `${name}${equals}${value}${rest.flat().join('')}`);
/** As servers write them. */
const usual = fc
  .tuple(
    fc.constantFrom('SID', 'a', 'b'),
    fc.constantFrom('1', '2', 'abc.tomcat01'),
    fc.constantFrom(
      '; Path=/',
      '; Path=/x',
      '',
      '; Path=/; HttpOnly',
      '; Path=/x; HttpOnly; SameSite=Lax',
      '; Path=/; Max-Age=0',
      '; Path=/x; Max-Age=0',
    ),
  )
  .map(([name, value, rest]) => `${name}=${value}${rest}`);
const requested = fc.constantFrom('/', '/x', '/x/', '/x/y/z');

describe('a plain cookie', () => {
  it('is a name, a value and a path, with HttpOnly, SameSite, and Secure over https', () => {
    expect(read('JSESSIONID=A1B2.tomcat01; Path=/app; HttpOnly')).toEqual({ name: 'JSESSIONID', value: 'A1B2.tomcat01', path: '/app' });
    expect(read('a=1', { path: '/shop/cart' })).toEqual({ name: 'a', value: '1', path: '/shop' });
    expect(read('a=1; path=/;httponly; SameSite=None; Secure', { overTls: true })).toEqual({ name: 'a', value: '1', path: '/' });
  });

  it('ends when its time is over', () => {
    const ended = { name: 'a', value: null, path: '/' };
    expect(read('a=; Path=/; Max-Age=0')).toEqual(ended);
    expect(read('a=b; Max-Age=0; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/; HttpOnly')).toEqual(ended);
    expect(read('a=b; Expires=Wed, 31 Dec 2025 23:59:59 GMT; Path=/')).toEqual(ended);
  });

  it('is nothing that a jar must judge', () => {
    const others = [
      'a=1; Domain=site.test',
      'a=1; Max-Age=60',
      'a=1; Expires=Fri, 02 Jan 2026 00:00:00 GMT',
      'a=1; Secure',
      '__Host-a=1; Path=/',
      'a=; Path=/',
      'a="1"',
      'a=1; Priority=High',
      'nonsense',
      '=x',
      '',
    ];
    expect(others.map((header) => read(header))).toEqual(others.map(() => null));
  });

  it('judges a date by the time of the answer', () => {
    const header = 'a=1; Expires=Fri, 02 Jan 2026 00:00:00 GMT; Path=/';
    expect(plainCookie(header, '/', false, Date.UTC(2026, 0, 2))).toEqual({ name: 'a', value: null, path: '/' });
    expect(read(header)).toBe(null);
  });

  it('is what a jar makes of it, whatever the header', () => {
    fc.assert(
      fc.property(fc.oneof(headers, usual), requested, fc.boolean(), (header, path, overTls) => {
        const plain = read(header, { path, overTls });
        if (plain === null) return;
        const url = `${overTls ? 'https' : 'http'}://site.test${path}`;
        const jar = new CookieJar();
        const cookie = jar.setCookieSync(header, url, { ignoreError: true, now: new Date(NOW) });
        if (cookie === undefined) throw new Error('no jar takes it');
        const { key, value, hostOnly } = cookie;
        const [lives] = jar.getCookiesSync(url, { allPaths: true });
        expect({ name: key, value: lives === undefined ? null : value, path: cookie.path, hostOnly }).toEqual({ ...plain, hostOnly: true });
        if (lives !== undefined) expect(cookie.expiryTime(new Date(NOW))).toBe(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 5000 },
    );
  });

  it('is what servers set: few headers need a jar', () => {
    const others = fc.sample(usual, { numRuns: 500, seed: 1 }).filter((header) => read(header) === null);
    expect(others).toEqual([]);
  });

  it('is sent as a jar that is kept would send it, in the same order', () => {
    const answer = fc.tuple(
      requested,
      fc.array(fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: headers }), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 10 }), fc.boolean(), (answers, overTls) => {
        const origin = `${overTls ? 'https' : 'http'}://site.test`;
        const mint: Mint = {
          site: siteOf(origin),
          sessionCookie: 'SID',
          sessionLine: 'Cookie: SID=',
          backendCookie: null,
          disguise: createDisguise(new Uint8Array(32), () => true),
        };
        const wallet = createWallet();
        const jar = new CookieJar();
        let known = true;
        for (const [path, setCookies] of answers) {
          take(wallet, mint, setCookies, path, NOW);
          for (const raw of setCookies) {
            jar.setCookieSync(raw, origin + path, { ignoreError: true, now: new Date(NOW) });
            // What has expired goes when the jar is looked into.
            jar.getCookiesSync(origin, { allPaths: true });
            known &&= read(raw, { path, overTls }) !== null;
          }
          if (!known) return;
          for (const asked of ['/', '/x', '/x/y', '/xy']) {
            const line = jar.getCookieStringSync(origin + asked);
            const { id, tag } = carry(wallet, mint, asked, NOW);
            expect(carry(wallet, mint, asked, NOW).line).toBe(line === '' ? '' : `Cookie: ${line}\r\n`);
            expect(tag).toBe(id === null ? null : mint.disguise.session(id));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
