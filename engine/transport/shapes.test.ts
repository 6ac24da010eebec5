// Heads recognised against heads scanned: both must come to the same, whatever changes in them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Scanned, scan, scanners, scanWith } from './fixtures/scan.ts';
import { Head } from './head.ts';
import { nameTable } from './names.ts';
import { Shapes } from './shapes.ts';

const WATCHED = ['Sticky-Backend', 'Sticky-Counter', 'Content-Type', 'Connection'];

const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const USUAL = head(
  'HTTP/1.1 200 OK',
  'Date: Sun, 22 Nov 2026 11:00:00 GMT',
  'Sticky-Backend: tomcat01',
  'Sticky-Counter: 7',
  'Set-Cookie: JSESSIONID=A1B2; Path=/',
  'Content-Length: 2',
).concat('ok');

/** What becomes of a series of answers: a shape is known, or the head is scanned, and its shape perhaps learned. */
function read(answers: readonly string[]): readonly string[] {
  const names = nameTable(WATCHED);
  const receive = Buffer.allocUnsafeSlow(16 * 1024);
  const shapes = new Shapes(receive, names);
  return answers.map((text) => {
    const size = receive.write(text, 'latin1');
    if (shapes.find(receive, size) !== null) return 'recognised';
    const scanned = new Head(names, WATCHED.length);
    scanned.begin(0);
    const end = scanned.read(receive, size);
    if (end >= 0) shapes.missed(receive, size, scanned, end);
    return shapes.find(receive, size) === null ? 'scanned' : 'learned';
  });
}

/** What becomes of `later` when `first` was seen twice before. */
function third(later: string, first = USUAL): string | undefined {
  return read([first, first, later])[2];
}

describe('a head is recognised', () => {
  it('from the third time on', () => {
    expect(read([USUAL, USUAL, USUAL, USUAL])).toEqual(['scanned', 'learned', 'recognised', 'recognised']);
  });

  it.each([
    ['another backend', 'tomcat01', 'tomcat02'],
    ['another second', '11:00:00', '11:00:01'],
    ['another session', 'A1B2', 'C3D4'],
    ['another body', /ok$/, 'no'],
  ])('with %s of the same length', (_what, before, after) => {
    expect(third(USUAL.replace(before, after))).toBe('recognised');
  });

  it('for each size by itself', () => {
    const other = USUAL.replace('Counter: 7', 'Counter: 10');
    const found = read([USUAL, other, USUAL, other, USUAL, other]);
    expect(found).toEqual(['scanned', 'scanned', 'learned', 'learned', 'recognised', 'recognised']);
  });
});

describe('a head is scanned', () => {
  it.each([
    ['another status', '200', '500'],
    ['another version', 'HTTP/1.1', 'HTTP/1.0'],
    ['another length of the body', 'Length: 2', 'Length: 1'],
    ['another name', 'Sticky-Backend', 'Sticky-Backens'],
    ['a blank where there was none', 'tomcat01', 'tomcat 1'],
    ['a character where there was a blank', 'Nov 2026', 'Nov.2026'],
    ['a byte beyond ASCII', 'tomcat01', 'tomcat0\xe9'],
    ['a control character', 'tomcat01', 'tomcat0\x01'],
    ['a line end in a value', 'tomcat01', 'tomc\r\n:1'],
  ])('with %s', (_what, before, after) => {
    expect(third(USUAL.replace(before, after))).not.toBe('recognised');
  });

  it('when empty lines come before it', () => {
    expect(third(`\r\n${USUAL}`, `\r\n${USUAL}`)).toBe('scanned');
  });

  it('when it is longer than is worth keeping', () => {
    const long = head('HTTP/1.1 200 OK', `X: ${'x'.repeat(4096)}`, 'Content-Length: 0');
    expect(third(long, long)).toBe('scanned');
  });
});

describe('learning', () => {
  it('is the more patient the less it was worth', () => {
    const answers = Array.from({ length: 400 }, (_, place) => USUAL.replace('200', String(200 + place)));
    const learned = read(answers).flatMap((found, place) => (found === 'learned' ? [place] : []));
    expect(learned).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256]);
  });
});

const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const anyByte = fc.nat(255).map((code) => String.fromCharCode(code));
const value = fc.array(fc.oneof({ weight: 8, arbitrary: visible }, { weight: 1, arbitrary: fc.constantFrom(' ', '\t', '\xe9') }), {
  maxLength: 20,
});
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...WATCHED, 'Set-Cookie', 'X-Odd', 'A'),
        value.map((parts) => parts.join('')),
      )
      .map((parts) => parts.join(': ')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Connection: close', 'Connection: keep-alive', 'Content-Length: 2', 'Transfer-Encoding: chunked'),
  },
);
const answer = fc
  .tuple(
    fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.0 404 ', 'HTTP/1.1 204'),
    fc.array(line, { maxLength: 8 }),
    fc.constantFrom('', 'ok', '2\r\nok\r\n0\r\n\r\n'),
  )
  .map(([status, lines, body]) => head(status, ...lines) + body);
const change = fc.tuple(fc.nat(), fc.oneof({ weight: 3, arbitrary: visible }, { weight: 1, arbitrary: anyByte }));

describe('a recognised head', () => {
  it('says what a scanned one says, whatever bytes have changed', () => {
    fc.assert(
      fc.property(answer, fc.array(change, { maxLength: 6 }), fc.nat(400), fc.boolean(), (first, changes, cut, whole) => {
        const later = changes.reduce((text, [where, byte]) => {
          const place = where % text.length;
          return text.slice(0, place) + byte + text.slice(place + 1);
        }, first);
        const feed = { watched: WATCHED, end: true, cuts: whole ? [] : [cut] };
        const scanner = scanners(WATCHED, 1_000_000);
        for (const stream of [first, first]) scanWith(scanner(), stream, feed);
        expect(scanWith(scanner(), later, feed)).toEqual(scan(later, feed) satisfies Scanned);
      }),
      { numRuns: 20_000, seed: 1 },
    );
  });
});
