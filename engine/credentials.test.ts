import { describe, expect, it } from 'vitest';
import { basicOf, withoutUser } from './credentials.ts';

describe('credentials in a URL', () => {
  it.each([
    ['https://joe:pw@app.test/shop?x=@', 'https://app.test/shop?x=@'],
    ['https:joe:pw@app.test', 'https://app.test/'],
    ['https://joe@app.test:8443', 'https://app.test:8443/'],
    ['https://app.test/@joe', 'https://app.test/@joe'],
    ['https://app.test', 'https://app.test'],
    ['htp//joe:pw@app.test', 'app.test'],
    ['https://joe:p/w@x@app.test', 'https://app.test'],
    ['app.test', 'app.test'],
  ])('%s is shown as %s', (text, shown) => {
    expect(withoutUser(text)).toBe(shown);
  });

  it.each([
    ['https://app.test', null],
    // The example of RFC 7617, section 2, and the one of section 2.1.
    ['https://Aladdin:open%20sesame@app.test', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['https://test:123%C2%A3@app.test', 'Basic dGVzdDoxMjPCow=='],
    ['https://joe@app.test', 'Basic am9lOg=='],
    ['https://joe:100%@app.test', 'Basic am9lOjEwMCU='],
  ])('%s is sent as %s', (text, header) => {
    expect(basicOf(new URL(text))).toBe(header);
  });
});
