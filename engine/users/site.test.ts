import { describe, expect, it } from 'vitest';
import { pathname, pathOn, redirected, siteOf } from './site.ts';

const site = siteOf('http://site.test:8080/app/');

describe('the site', () => {
  it('is read from the URL of the target', () => {
    expect(site).toEqual({ origin: 'http://site.test:8080', host: 'site.test:8080', base: '/app', authorization: null });
    expect(siteOf('https://site.test')).toEqual({ origin: 'https://site.test', host: 'site.test', base: '', authorization: null });
    expect(() => siteOf('ftp://site.test')).toThrow('The target must be an http or https URL. Got "ftp://site.test".');
    expect(siteOf('https://joe:pw@site.test')).toMatchObject({
      origin: 'https://site.test',
      host: 'site.test',
      authorization: 'Basic am9lOnB3',
    });
    expect(() => siteOf('ftp://joe:pw@site.test')).toThrow('The target must be an http or https URL. Got "ftp://site.test/".');
    expect(() => siteOf('site.test')).toThrow('The target must be an http or https URL. Got "site.test".');
  });

  it('puts paths below that of the target, fit for a request line', () => {
    expect(pathOn(site, '/cart?x=1#top')).toBe('/app/cart?x=1');
    expect(pathOn(site, 'cart')).toBe('/app/cart');
    expect(pathOn(site, '/a b/ü%20\r\nX: y')).toBe('/app/a%20b/%C3%BC%20%0D%0AX:%20y');
    expect(pathOn(site, '/\ud800')).toBe('/app/%EF%BF%BD');
  });

  it('takes a whole URL of its own origin only', () => {
    expect(pathOn(site, 'http://site.test:8080/other?x=1')).toBe('/other?x=1');
    expect(pathOn(site, 'https://site.test:8080/other')).toBe(null);
    expect(pathOn(site, 'http://elsewhere.test/')).toBe(null);
  });

  it('resolves redirects from the path that was asked for', () => {
    expect(
      ['/x', 'y?z=1', '?q', '//site.test:8080/z', 'http://site.test:8080'].map((location) => redirected(site, location, '/app/a')),
    ).toEqual(['/x', '/app/y?z=1', '/app/a?q', '/z', '/']);
    expect(['//elsewhere.test/x', 'https://site.test:8080/', 'http://['].map((location) => redirected(site, location, '/app/a'))).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('matches cookies against the path without query', () => {
    expect([pathname('/a?b=/c'), pathname('/a')]).toEqual(['/a', '/a']);
  });
});
