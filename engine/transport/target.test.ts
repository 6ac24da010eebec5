// Targets as they are written.

import { describe, expect, it } from 'vitest';
import { StickyError } from '../../model/errors.ts';
import { parseTarget } from './target.ts';

describe('a target', () => {
  it.each([
    ['http://app.test', { secure: false, host: 'app.test', port: 80, path: '/', authority: 'app.test', authorization: null }],
    ['https://app.test', { secure: true, host: 'app.test', port: 443, path: '/', authority: 'app.test', authorization: null }],
    [
      'http://127.0.0.1:8080/shop?x=1#top',
      { secure: false, host: '127.0.0.1', port: 8080, path: '/shop?x=1', authority: '127.0.0.1:8080', authorization: null },
    ],
    ['https://[::1]:8443/', { secure: true, host: '::1', port: 8443, path: '/', authority: '[::1]:8443', authorization: null }],
    ['http://app.test:80/', { secure: false, host: 'app.test', port: 80, path: '/', authority: 'app.test', authorization: null }],
    [
      'http://joe:pw@app.test/',
      { secure: false, host: 'app.test', port: 80, path: '/', authority: 'app.test', authorization: 'Basic am9lOnB3' },
    ],
  ])('%s is taken apart', (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });

  it.each(['', 'app.test', 'ftp://app.test', '/shop', 'http://'])('"%s" is not one', (text) => {
    expect(() => parseTarget(text)).toThrow(new StickyError('TARGET_INVALID', `The target must be an http or https URL, got "${text}".`));
  });

  it('is named in an error without its password', () => {
    const message = 'The target must be an http or https URL, got "ftp://app.test/".';
    expect(() => parseTarget('ftp://joe:pw@app.test')).toThrow(new StickyError('TARGET_INVALID', message));
  });
});
