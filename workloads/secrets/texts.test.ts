import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTemplate, readTemplate } from '../values/templates.ts';
import { hideInBody, hideInQuery, hideInUrl } from './texts.ts';

const inBody = (body: string): string => hideInBody(body, () => '***');
const inQuery = (path: string): string => hideInQuery(path, () => '***');

describe('the pairs of a form', () => {
  it('lose the values of telling names, variables included, up to the next &', () => {
    expect(inBody('user=ann&password=hunter2&note=x')).toBe('user=ann&password=***&note=x');
    expect(inBody('pass={{ user.id }}-SEK2&a=b')).toBe('pass=***&a=b');
    expect(inBody('token=SEK{{ a }}{{ b }}SEK=SEK')).toBe('token=***');
    expect(inBody("pwd={{ '{{' }}SEK&x={{ '{{' }}")).toBe("pwd=***&x={{ '{{' }}");
    expect(inBody('user%5Bpassw%6Frd%5D=SEK&a=b')).toBe('user%5Bpassw%6Frd%5D=***&a=b');
    expect(inBody('x=token=SEK')).toBe('x=token=***');
    expect(inBody('password=&pin=1')).toBe('password=&pin=***');
  });

  it('may stand in a text of any form', () => {
    expect(inBody('user=ann\npassword=SEK 1\nnote=x')).toBe('user=ann\npassword=***\nnote=x');
    expect(inBody('password="SEK & more", user="ann"')).toBe('password="***", user="ann"');
    expect(inBody("<login user='ann' pin='1234'/>")).toBe("<login user='ann' pin='***'/>");
  });

  it('keep nothing of a value whose quotes close too early', () => {
    expect(inBody("password='abc'SEK&user=ann")).toBe('password=***&user=ann');
    expect(inBody('password="SEK&user=ann')).toBe('password=***&user=ann');
    expect(inBody('password=\\"SEK')).toBe('password=***');
  });
});

describe('the members of JSON', () => {
  it('lose the values of telling names, whatever they are', () => {
    expect(inBody('{"user":"ann","password":"SEK4{{ user.id }}SEK"}')).toBe('{"user":"ann","password":"***"}');
    expect(inBody('{"pin":1234,"n":5}')).toBe('{"pin":"***","n":5}');
    expect(inBody('{"tokens":["SEK]",["SEK"]],"n":[1]}')).toBe('{"tokens":"***","n":[1]}');
    expect(inBody('{"auth":{"user":"a}","key":"SEK"},"n":{}}')).toBe('{"auth":"***","n":{}}');
    expect(inBody('{ "api_key" : "t0k\\"SEK" , "n": 1 }')).toBe('{ "api_key" : "***" , "n": 1 }');
    expect(inBody('{"passw\\u006frd":"SEK"}')).toBe('{"passw\\u006frd":"***"}');
    expect(inBody('{"pin": 12{{ user.id }}34, "token": null, "auth": false}')).toBe('{"pin": "***", "token": null, "auth": false}');
  });

  it('may be cut off, or have more than JSON around them', () => {
    expect(inBody('{"password":"SEK')).toBe('{"password":"***');
    expect(inBody('{"tokens":["SEK", {"a":')).toBe('{"tokens":"***"');
    expect(inBody('data={"password":"SEK"}&token=SEK')).toBe('data={"password":"***"}&token=***');
    expect(inBody('{"back":"https://x/?token=SEK&a=b","n":1}')).toBe('{"back":"https://x/?token=***&a=b","n":1}');
    expect(inBody('{"back":"?token=\\"SEK\\"SEK","n":1}')).toBe('{"back":"?token=***","n":1}');
  });
});

describe('a query', () => {
  it('loses the values of telling names', () => {
    expect(inQuery('/login?next=/a&token=SEK{{ user.id }}&x=1')).toBe('/login?next=/a&token=***&x=1');
    expect(inQuery('/visit')).toBe('/visit');
  });
});

describe('a URL', () => {
  it('loses user, password and the secrets of its query, and stays as it is written otherwise', () => {
    const hidden = (url: string): string => hideInUrl(url, () => '***');
    expect(hidden('https://joe:SE@K@Shop.example.com?api_key=SEK')).toBe('https://***@Shop.example.com?api_key=***');
    expect(hidden('http://joe@host:8080/a@b')).toBe('http://***@host:8080/a@b');
    expect(hidden('http://host/?mail=a@b')).toBe('http://host/?mail=a@b');
  });
});

describe('any text', () => {
  const piece = fc.oneof(
    fc.constantFrom('"', "'", '\\', '{', '}', '[', ']', '&', ',', ':', '=', ' ', '{{', 'password', '"pin":', 'token=', 'x'),
    fc.string({ maxLength: 3 }),
  );
  const part = fc.oneof(piece, fc.constant({ variable: 'user.id' }));

  it('stays a template, with its variables whole', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const hidden = inBody(formatTemplate(parts));
        expect(readTemplate(hidden)).toEqual({ ok: true, value: expect.any(Array) });
      }),
      { numRuns: 3_000 },
    );
  });

  it('may be long', () => {
    const long = '\\a{{ x }}'.repeat(20_000);
    expect(inBody(long)).toBe(long);
    expect(inBody('a'.repeat(200_000)).length).toBe(200_000);
    expect(inBody(`token="${long}`)).toBe('token=***');
    expect(inBody('password="'.repeat(5_000))).toBe('password=***');
  });
});
