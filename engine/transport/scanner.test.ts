// The scanner on answers written out byte for byte, whole and cut at every place.

import { describe, expect, it } from 'vitest';
import { type Feed, type Scanned, scan, scannerFor, scanWith } from './fixtures/scan.ts';
import { INCOMPLETE } from './progress.ts';
import { HEAD_LIMIT } from './scanner.ts';

const WATCHED = ['Sticky-Backend', 'x-empty', 'Content-Length', 'absent'];

const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n\r\n`;
const OK = 'HTTP/1.1 200 OK';

function outcome(stream: string, feed: Feed = {}): string {
  return scan(stream, feed).outcome;
}

interface Case {
  readonly name: string;
  readonly stream: string;
  readonly feed?: Feed;
  readonly expected: Scanned;
}

const PLAIN: Scanned = {
  outcome: 'complete',
  status: 200,
  watched: [null, null, null, null],
  setCookies: [],
  body: '',
  bodySize: 0,
  reusable: true,
  used: 0,
};

const CASES: readonly Case[] = [
  {
    name: 'an answer with Content-Length, watched headers and cookies',
    stream: `${lines(OK, 'sticky-backend: \t tomcat01 \t', 'X-Empty:', 'Set-Cookie: a=1; Path=/', 'SET-COOKIE: b=2', 'Sticky-Backend: other', 'Content-Length: 6')}h\xc3\xa9llo`,
    expected: { ...PLAIN, watched: ['tomcat01', '', '6', null], setCookies: ['a=1; Path=/', 'b=2'], body: 'héllo', bodySize: 6 },
  },
  {
    name: 'an answer without a body',
    stream: lines('HTTP/1.1 200', 'Content-Length: 0'),
    expected: { ...PLAIN, watched: [null, null, '0', null] },
  },
  {
    name: 'chunks with extensions and a trailer',
    stream:
      `${lines(OK, 'Transfer-Encoding: gzip, Chunked', 'Sticky-Backend: b')}2;a="b;c"\r\nhi\r\n00A ;x\r\n`.replace('00A ;', '00A;') +
      '0123456789\r\n0\r\nSticky-Backend: late\r\nX: y\r\n\r\n',
    expected: { ...PLAIN, watched: ['b', null, null, null], body: 'hi0123456789', bodySize: 12 },
  },
  {
    name: 'interim answers before the final one',
    stream: `${lines('HTTP/1.1 100 Continue')}${lines('HTTP/1.1 103 Early Hints', 'Sticky-Backend: hint', 'Set-Cookie: no=1')}${lines('HTTP/1.1 201 Created', 'Content-Length: 1')}x`,
    expected: { ...PLAIN, status: 201, watched: [null, null, '1', null], body: 'x', bodySize: 1 },
  },
  { name: '204 has no body', stream: lines('HTTP/1.1 204 No Content'), expected: { ...PLAIN, status: 204 } },
  {
    name: '304 has no body, whatever its length says',
    stream: lines('HTTP/1.1 304 Not Modified', 'Content-Length: 99'),
    expected: { ...PLAIN, status: 304, watched: [null, null, '99', null] },
  },
  {
    name: 'an answer to HEAD has no body, whatever its length says',
    stream: lines(OK, 'Content-Length: 99'),
    feed: { headOnly: true },
    expected: { ...PLAIN, watched: [null, null, '99', null] },
  },
  {
    name: 'an answer to HEAD has no body, whatever its coding says',
    stream: lines(OK, 'Transfer-Encoding: chunked'),
    feed: { headOnly: true },
    expected: PLAIN,
  },
  {
    name: 'a body up to the end of the stream',
    stream: `${lines(OK, 'Sticky-Backend: z')}all of it`,
    feed: { end: true },
    expected: { ...PLAIN, watched: ['z', null, null, null], body: 'all of it', bodySize: 9, reusable: false },
  },
  {
    name: 'an unknown coding up to the end of the stream',
    stream: `${lines(OK, 'Transfer-Encoding: chunked, gzip')}2\r\nhi\r\n`,
    feed: { end: true },
    expected: { ...PLAIN, body: '2\r\nhi\r\n', bodySize: 7, reusable: false },
  },
  {
    name: 'a body that nobody wants is counted only',
    stream: `${lines(OK, 'Content-Length: 5')}hello`,
    feed: { wantsBody: false },
    expected: { ...PLAIN, watched: [null, null, '5', null], bodySize: 5 },
  },
  {
    name: 'empty lines before the status line are skipped',
    stream: `\r\n\n${lines(OK, 'Content-Length: 0')}`,
    expected: { ...PLAIN, watched: [null, null, '0', null] },
  },
  {
    name: 'the same length said twice',
    stream: `${lines(OK, 'Content-Length: 2', 'Content-Length: 02')}hi`,
    expected: { ...PLAIN, watched: [null, null, '2', null], body: 'hi', bodySize: 2 },
  },
];

describe('an answer', () => {
  for (const { name, stream, feed, expected } of CASES) {
    const whole = { ...expected, used: stream.length };
    it(`is read: ${name}`, () => {
      expect(scan(stream, { watched: WATCHED, ...feed })).toEqual(whole);
    });
    it(`is read alike cut in two at every byte: ${name}`, () => {
      for (let cut = 1; cut < stream.length; cut++) expect(scan(stream, { watched: WATCHED, ...feed, cuts: [cut] })).toEqual(whole);
    });
    it(`is read alike byte by byte: ${name}`, () => {
      expect(scan(stream, { watched: WATCHED, ...feed, cuts: Array.from(stream, (_, place) => place) })).toEqual(whole);
    });
    it(`is incomplete at every byte before its end: ${name}`, () => {
      if (feed?.end === true) return;
      for (let size = 0; size < stream.length; size++) expect(outcome(stream.slice(0, size), { ...feed, end: true })).toBe('incomplete');
    });
  }

  it('says how many bytes came behind it, and cannot be followed then', () => {
    const stream = `${lines(OK, 'Content-Length: 2')}hi`;
    expect(scan(`${stream}HTTP`)).toEqual({ ...PLAIN, watched: [], body: 'hi', bodySize: 2, reusable: false, used: stream.length });
  });
});

describe('a connection', () => {
  const reusable = (...head: string[]): boolean => scan(`${lines(...head, 'Content-Length: 0')}`).reusable;

  it('is kept in HTTP/1.1 unless the server says close', () => {
    expect(reusable('HTTP/1.1 200 OK')).toBe(true);
    expect(reusable('HTTP/1.1 200 OK', 'Connection: keep-alive')).toBe(true);
    expect(reusable('HTTP/1.1 200 OK', 'Connection: closed')).toBe(true);
    expect(reusable('HTTP/1.1 200 OK', 'Connection: close')).toBe(false);
    expect(reusable('HTTP/1.1 200 OK', 'Connection: Upgrade , CLOSE')).toBe(false);
    expect(reusable('HTTP/1.1 200 OK', 'Connection: close', 'Connection: keep-alive')).toBe(false);
  });

  it('is closed in HTTP/1.0 unless the server says keep-alive', () => {
    expect(reusable('HTTP/1.0 200 OK')).toBe(false);
    expect(reusable('HTTP/1.0 200 OK', 'Connection: Keep-Alive')).toBe(true);
    expect(reusable('HTTP/1.0 200 OK', 'Connection: keep-alive, close')).toBe(false);
  });

  it('carries one answer after the other without a trace of the one before', () => {
    const scanner = scannerFor(WATCHED);
    const first = `${lines(OK, 'Sticky-Backend: a', 'Set-Cookie: s=1', 'Content-Length: 3')}one`;
    const second = `${lines('HTTP/1.1 500 Oops', 'X-Empty:', 'Transfer-Encoding: chunked')}2\r\nhi\r\n0\r\n\r\n`;
    for (const cuts of [[], [10], [first.length - 1], [40, 60]]) {
      expect(scanWith(scanner, first, { watched: WATCHED, cuts })).toEqual({
        ...PLAIN,
        watched: ['a', null, '3', null],
        setCookies: ['s=1'],
        body: 'one',
        bodySize: 3,
        used: first.length,
      });
      expect(scanWith(scanner, second, { watched: WATCHED, cuts })).toEqual({
        ...PLAIN,
        status: 500,
        watched: [null, '', null, null],
        body: 'hi',
        bodySize: 2,
        used: second.length,
      });
    }
  });

  it('has started an answer once a byte of it was read', () => {
    const scanner = scannerFor([]);
    expect(scanner.started).toBe(false);
    expect(scanner.read(Buffer.from('H'), 1, false, false)).toBe(INCOMPLETE);
    expect(scanner.started).toBe(true);
  });
});

describe('a watched header', () => {
  it('is compared with a text without being decoded', () => {
    const scanner = scannerFor(['a', 'b']);
    const stream = Buffer.from(lines(OK, 'A: tomc\xe4t', 'Content-Length: 0'), 'latin1');
    scanner.read(stream, stream.length, false, false);
    expect(['tomc\xe4t', 'tomcat', 'tomc\xe4', 'tomc\xe4ts', ''].map((text) => scanner.headerIs(0, text))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(scanner.headerIs(1, '')).toBe(false);
  });

  it('may be watched under several places, and be one the scanner itself needs', () => {
    const stream = lines(OK, 'Connection: close', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'Content-Length: 0');
    expect(scan(stream, { watched: ['CONNECTION', 'set-cookie', 'connection'] })).toEqual({
      ...PLAIN,
      watched: ['close', 'a=1', 'close'],
      setCookies: ['a=1', 'b=2'],
      reusable: false,
      used: stream.length,
    });
  });

  it('cannot be asked for by a place that is not in the list', () => {
    const scanner = scannerFor(['a']);
    expect(() => scanner.header(1)).toThrow(new RangeError('there is no watched header 1'));
  });
});

describe('limits', () => {
  const headOf = (size: number): string => {
    const frame = lines(OK, 'Content-Length: 0', 'X: ');
    return lines(OK, 'Content-Length: 0', `X: ${'x'.repeat(size - frame.length)}`);
  };

  it('reads a head of 64 KiB and none beyond, however it is cut', () => {
    expect(headOf(HEAD_LIMIT).length).toBe(65536);
    for (const cuts of [[], [30_000], [1, 65_536]]) {
      expect(outcome(headOf(HEAD_LIMIT), { cuts })).toBe('complete');
      expect(outcome(headOf(HEAD_LIMIT + 1), { cuts })).toBe('oversized');
    }
    expect(outcome(headOf(HEAD_LIMIT + 1).slice(0, HEAD_LIMIT + 1))).toBe('oversized');
  });

  it('reads a body of the largest size and none beyond, in each framing', () => {
    const framings: readonly ((body: string) => string)[] = [
      (body) => lines(OK, `Content-Length: ${body.length}`) + body,
      (body) =>
        `${lines(OK, 'Transfer-Encoding: chunked')}2\r\n${body.slice(0, 2)}\r\n${(body.length - 2).toString(16)}\r\n${body.slice(2)}\r\n0\r\n\r\n`,
      (body) => lines(OK) + body,
    ];
    for (const frame of framings) {
      for (const cuts of [[], Array.from({ length: 200 }, (_, place) => place)]) {
        expect(outcome(frame('0123456789'), { maxBody: 10, cuts, end: true })).toBe('complete');
        expect(outcome(frame('0123456789a'), { maxBody: 10, cuts, end: true })).toBe('oversized');
      }
    }
  });

  it('gives up as soon as the size is known', () => {
    expect(outcome(lines(OK, 'Content-Length: 11'), { maxBody: 10 })).toBe('oversized');
    expect(outcome(`${lines(OK, 'Transfer-Encoding: chunked')}b`, { maxBody: 10 })).toBe('oversized');
    expect(outcome(lines(OK, 'Content-Length: 99999999999999999999999999'))).toBe('oversized');
    expect(outcome(`${lines(OK, 'Transfer-Encoding: chunked')}ffffffffffffffffffffffff`)).toBe('oversized');
  });

  it('does not count a body that never comes', () => {
    expect(outcome(lines(OK, 'Content-Length: 11'), { maxBody: 10, headOnly: true })).toBe('complete');
    expect(outcome(lines('HTTP/1.1 304 N', 'Content-Length: 11'), { maxBody: 10 })).toBe('complete');
  });

  it('reads no chunk extension and no trailer beyond 64 KiB', () => {
    const chunked = lines(OK, 'Transfer-Encoding: chunked');
    expect(outcome(`${chunked}0;${'x'.repeat(60_000)}\r\n\r\n`)).toBe('complete');
    expect(outcome(`${chunked}0;${'x'.repeat(70_000)}`)).toBe('oversized');
    expect(outcome(`${chunked}0\r\n${'X: y\r\n'.repeat(12_000)}`)).toBe('oversized');
    expect(outcome(`${chunked}${'0'.repeat(70_000)}`)).toBe('oversized');
  });
});

describe('what is not an answer', () => {
  const CHUNKED = lines(OK, 'Transfer-Encoding: chunked');
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a single wrong byte', 'h'],
    ['a wrong byte in the version', 'HTTP/2'],
    ['a version that is not 1.0 or 1.1', 'HTTP/1.2 200 OK\r\n'],
    ['a status of two digits', 'HTTP/1.1 99 OK\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n'],
    ['a protocol nobody asked for', lines('HTTP/1.1 101 Switching Protocols', 'Upgrade: x')],
    ['a line that ends with LF only', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['a header without a colon', lines(OK, 'Oops', 'Content-Length: 0')],
    ['a header without a name', lines(OK, ': x', 'Content-Length: 0')],
    ['a blank before the colon', lines(OK, 'X : x', 'Content-Length: 0')],
    ['a folded header', lines(OK, 'X: x', ' y', 'Content-Length: 0')],
    ['a NUL in a header', lines(OK, 'X: x\0', 'Content-Length: 0')],
    ['a CR in a header', lines(OK, 'X: x\ry', 'Content-Length: 0')],
    ['two lengths that differ', lines(OK, 'Content-Length: 1', 'Content-Length: 2')],
    ['a list of lengths', lines(OK, 'Content-Length: 1, 1')],
    ['an empty length', lines(OK, 'Content-Length:')],
    ['a signed length', lines(OK, 'Content-Length: +1')],
    ['a length before a coding', lines(OK, 'Content-Length: 1', 'Transfer-Encoding: chunked')],
    ['a length behind a coding', lines(OK, 'Transfer-Encoding: gzip', 'Content-Length: 1')],
    ['a chunk size that is no number', `${CHUNKED}x\r\n`],
    ['an empty chunk size', `${CHUNKED}\r\n`],
    ['a blank behind the chunk size', `${CHUNKED}2 \r\nhi\r\n`],
    ['a chunk longer than its size', `${CHUNKED}2\r\nhi!\r\n`],
    ['a chunk shorter than its size', `${CHUNKED}4\r\nhi\r\n0\r\n\r\n`],
    ['a control character in a chunk extension', `${CHUNKED}2;\x01\r\nhi\r\n`],
    ['a trailer without a colon', `${CHUNKED}0\r\nX\r\n\r\n`],
    ['a folded trailer', `${CHUNKED}0\r\nX: y\r\n z\r\n\r\n`],
  ])('%s is malformed, cut anywhere', (_, stream) => {
    expect(outcome(stream)).toBe('malformed');
    for (let cut = 1; cut < stream.length; cut++) expect(outcome(stream, { cuts: [cut] })).toBe('malformed');
  });
});
