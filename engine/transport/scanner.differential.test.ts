// The scanner against Node's own parser (llhttp, strict): the same answers, good and bad, cut anywhere, must come to the same.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readByNode } from './fixtures/node-client.ts';
import { scan } from './fixtures/scan.ts';

const WATCHED = ['Sticky-Backend', 'X-Odd', 'Content-Length', 'Transfer-Encoding', 'Connection'];
/** Other cases each time when a number of them is asked for, else the same 5000. */
const { DIFFERENTIAL_RUNS } = process.env;
const CASES = DIFFERENTIAL_RUNS === undefined ? { numRuns: 5000, seed: 1 } : { numRuns: Number(DIFFERENTIAL_RUNS) };

interface Read {
  readonly status: number;
  readonly watched: readonly (string | null)[];
  readonly setCookies: readonly string[];
  readonly body: string;
  readonly reusable: boolean;
}

interface Both {
  readonly ours: Read | null;
  readonly theirs: Read | null;
}

/** Reads the first answer of a stream that ends, by both. What follows the answer by our count is not shown to Node. */
async function readByBoth(stream: string, cuts: readonly number[], headOnly: boolean, before = 0): Promise<Both> {
  const scanned = scan(stream, { watched: WATCHED, cuts, headOnly, end: true, maxBody: Number.MAX_SAFE_INTEGER, before });
  const complete = scanned.outcome === 'complete';
  const answer = complete ? stream.slice(0, scanned.used) : stream;
  const { status, watched, setCookies, body } = scanned;
  // With the rest out of sight, whether a rest followed must not count either.
  const { reusable } = complete ? scan(answer, { cuts, headOnly, end: true, maxBody: Number.MAX_SAFE_INTEGER }) : scanned;
  return { ours: complete ? { status, watched, setCookies, body, reusable } : null, theirs: await theirs(answer, cuts, headOnly) };
}

async function theirs(stream: string, cuts: readonly number[], headOnly: boolean): Promise<Read | null> {
  const edges = [...new Set([0, ...cuts, stream.length])].filter((cut) => cut <= stream.length).sort((a, b) => a - b);
  const pieces = edges.slice(1).map((edge, place) => Buffer.from(stream.slice(edges[place], edge), 'latin1'));
  const answer = await readByNode(pieces, headOnly);
  if (answer === null) return null;
  const values = (name: string) => answer.headers.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return {
    status: answer.status,
    watched: WATCHED.map((name) => values(name)[0] ?? null),
    setCookies: values('set-cookie'),
    body: answer.body,
    reusable: answer.keepAlive,
  };
}

interface Difference {
  readonly what: string;
  readonly why: string;
  readonly example: string;
  readonly headOnly?: boolean;
  /** What each makes of the example: `rejected`, or status, body, and whether the connection is kept. */
  readonly ours: string;
  readonly theirs: string;
  /** The difference shows in whether the connection is kept, and nowhere else. */
  readonly onlyKept?: true;
  /** Whether the difference may show in this stream. */
  applies(stream: string, headOnly: boolean): boolean;
}

const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

const FRAMED = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
const CHUNKED = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked');

/** Every difference there is, each meant. */
const DIFFERENCES: readonly Difference[] = [
  {
    what: 'an answer to HEAD without a length',
    why: 'its end is clear, so the connection can be kept (RFC 9112 6.3, 9.3); Node decides that before it knows of HEAD',
    example: head('HTTP/1.1 200 OK'),
    headOnly: true,
    ours: '200 "" kept',
    theirs: '200 "" closed',
    onlyKept: true,
    applies: (_stream, headOnly) => headOnly,
  },
  {
    what: 'a length beyond 2^64 where no body comes',
    why: 'there is nothing to count; where a body comes it is refused as oversized',
    example: head('HTTP/1.1 304 Not Modified', 'Content-Length: 99999999999999999999'),
    ours: '304 "" kept',
    theirs: 'rejected',
    applies: (stream, headOnly) => /content-length:\s*\d{20}/i.test(stream) && (headOnly || / (1..|204|304)/.test(stream)),
  },
  {
    what: 'versions 0.9 and 2.0',
    why: 'no server speaks them on a connection that was asked in HTTP/1.1 (RFC 9112 2.3)',
    example: FRAMED.replace('1.1', '2.0'),
    ours: 'rejected',
    theirs: '200 "hi" closed',
    applies: (stream) => /HTTP\/(0\.9|2\.0)/.test(stream),
  },
  {
    what: 'a status below 100',
    why: 'a status is 100 or more (RFC 9110 15), and 0 would look like none',
    example: FRAMED.replace('200', '099'),
    ours: 'rejected',
    theirs: '99 "hi" kept',
    applies: (stream) => /HTTP\/1\.[01] 0/.test(stream),
  },
  {
    what: '101 Switching Protocols',
    why: 'we never ask for another protocol, so nothing behind it can be read',
    example: head('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: x'),
    ours: 'rejected',
    theirs: '101 "" closed',
    applies: (stream) => /HTTP\/1\.[01] 101/.test(stream),
  },
  {
    what: 'the same length said twice',
    why: 'allowed by RFC 9110 8.6; only lengths that differ are a fault',
    example: head('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 2').concat('hi'),
    ours: '200 "hi" kept',
    theirs: 'rejected',
    applies: (stream) => /content-length:.*content-length:/is.test(stream),
  },
  {
    what: 'a tab around a length',
    why: 'a tab is optional whitespace as good as a space (RFC 9110 5.6.3)',
    example: FRAMED.replace(': 2', ': \t2\t'),
    ours: '200 "hi" kept',
    theirs: 'rejected',
    applies: (stream) => /content-length:[ \t]*(\t|[^\r]*\t)/is.test(stream),
  },
  {
    what: 'a tab around a transfer coding',
    why: 'a tab is optional whitespace as good as a space (RFC 9110 5.6.3); Node misses the coding and takes the framing for the body',
    example: `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked\t')}0\r\n\r\n`,
    ours: '200 "" kept',
    theirs: '200 "0\\r\\n\\r\\n" closed',
    applies: (stream) => /transfer-encoding:[^\r]*\t/is.test(stream),
  },
  {
    what: 'a tab around a connection option',
    why: 'a tab is optional whitespace as good as a space (RFC 9110 5.6.3)',
    example: FRAMED.replace('\r\n\r\n', '\r\nConnection: close\t\r\n\r\n'),
    ours: '200 "hi" closed',
    theirs: '200 "hi" kept',
    onlyKept: true,
    applies: (stream) => /connection:[^\r]*\t/i.test(stream),
  },
  {
    what: 'close beside keep-alive in HTTP/1.0',
    why: 'close comes first in the rules (RFC 9112 9.3)',
    example: FRAMED.replace('1.1', '1.0').replace('\r\n\r\n', '\r\nConnection: keep-alive, close\r\n\r\n'),
    ours: '200 "hi" closed',
    theirs: '200 "hi" kept',
    onlyKept: true,
    applies: (stream) => /HTTP\/1\.0/.test(stream) && /connection:.*close/is.test(stream),
  },
  {
    what: 'a status line that ends with CR CR',
    why: 'a line ends with CR LF (RFC 9112 2.2), and llhttp means it so everywhere else',
    example: FRAMED.replace('\r\n', '\r\r'),
    ours: 'rejected',
    theirs: '200 "hi" kept',
    applies: (stream) => /HTTP\/1\.[01] \d{3}[^\r\n]*\r\r/.test(stream),
  },
  {
    what: 'an interim answer that says close, or is of HTTP/1.0',
    why: 'an answer is over with its final head (RFC 9110 15.2); Node reads nothing more behind the interim one',
    example: `${head('HTTP/1.1 100 Continue', 'Connection: close')}${FRAMED}`,
    ours: '200 "hi" kept',
    theirs: 'rejected',
    applies: (stream) => /HTTP\/1\.0 1|HTTP\/1\.1 1.*connection:.*close/is.test(stream),
  },
  {
    what: 'a Content-Length in the trailer',
    why: 'it can change nothing any more; what trailers say is ignored (RFC 9110 6.5.1)',
    example: `${CHUNKED}0\r\nContent-Length: 1\r\n\r\n`,
    ours: '200 "" kept',
    theirs: 'rejected',
    applies: (stream) => /transfer-encoding:.*\r\n\r\n.*content-length:/is.test(stream),
  },
  {
    what: 'what stands in a chunk extension',
    why: 'extensions that mean nothing to us must be ignored (RFC 9112 7.1.1); only control characters are refused',
    example: `${CHUNKED}2; a b="\r\nhi\r\n0\r\n\r\n`,
    ours: '200 "hi" kept',
    theirs: 'rejected',
    applies: (stream) => /transfer-encoding:.*\r\n\r\n.*[0-9a-f];/is.test(stream),
  },
];

describe('a difference from Node', () => {
  it.each(DIFFERENCES)('is meant: $what', async ({ example, headOnly = false, ours, theirs, applies }) => {
    const read = await readByBoth(example, [], headOnly);
    expect({ ours: summary(read.ours), theirs: summary(read.theirs) }).toEqual({ ours, theirs });
    expect(applies(example, headOnly)).toBe(true);
  });
});

function summary(read: Read | null): string {
  return read === null ? 'rejected' : `${read.status} ${JSON.stringify(read.body)} ${read.reusable ? 'kept' : 'closed'}`;
}

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const oftenly = (usual: string, ...odd: string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 40, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: pick(...odd) });

const blank = oftenly(' ', '', '\t', '  ', ' \t ');
const lineEnd = oftenly('\r\n', '\n', '\r', '\r\r\n', '');
const version = oftenly('HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/11', 'http/1.1', 'HTTP/1.1 ');
const status = fc.oneof(
  { weight: 6, arbitrary: pick('200', '204', '304', '404', '503') },
  { weight: 1, arbitrary: pick('100', '103', '101', '199', '099', '999', '20', '2000', '2x0', '') },
);
const reason = oftenly(' OK', '', ' ', ' \xe9\x01', '\tOK', ' O\rK');
const text = oftenly('tomcat01', '', 'a b', '\xe9', 'a\tb', 'a\0b', 'a\x7f', 'a\x01b', 'a\r\n b', '"x", y');
const field = (name: fc.Arbitrary<string>, value: fc.Arbitrary<string>) =>
  fc.tuple(name, oftenly(':', '', ' :', '::'), blank, value, pick('', '', '', ' ', '\t'), lineEnd).map((parts) => parts.join(''));
const freeField = field(
  oftenly('Sticky-Backend', 'sticky-backend', 'X-Odd', '', 'X Odd', 'X(Odd', 'X\xe9', 'Set-Cookie', 'Set-Cookie'),
  fc.oneof(text, pick('JSESSIONID=1; Path=/', 'a=b')),
);
const connection = field(
  pick('Connection', 'connection'),
  pick('close', 'keep-alive', 'Keep-Alive, close', 'upgrade', ' , close', 'closed', 'x close'),
);
const lengthField = (size: number) =>
  field(
    pick('Content-Length', 'content-length'),
    oftenly(String(size), String(size + 1), `0${size}`, `${size}, ${size}`, '', '-1', '+1', '1 1', '99999999999999999999999'),
  );
const codingField = field(
  pick('Transfer-Encoding', 'transfer-encoding'),
  oftenly(
    'chunked',
    'Chunked',
    'gzip, chunked',
    'gzip',
    'chunked, gzip',
    'chunked,',
    'xchunked',
    'identity',
    '',
    'gzip,chunked',
    'chunked chunked',
  ),
);
const chunk = (data: string) =>
  fc
    .tuple(
      oftenly(
        data.length.toString(16),
        (data.length + 1).toString(16),
        `000${data.length.toString(16)}`,
        data.length.toString(16).toUpperCase(),
        'g',
        '',
        ' 1',
        '-1',
        'fffffffffffffffff',
      ),
      oftenly('', ';a', ';a=b;c="d\\"e"', ';', '; a=b', ' ', ';a="', ';a=\x01', ';a b', ';a="b"c', ';\xe9'),
      lineEnd,
      fc.constant(data),
      lineEnd,
    )
    .map((parts) => parts.join(''));
const data = fc.oneof(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }), pick('h\xc3\xa9', '\xff\xfe', 'x'.repeat(300)));
const trailer = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.oneof(freeField, lengthField(3), codingField) },
);

const sized = data.chain((body) => fc.tuple(lengthField(body.length), fc.constant(body)));
const chunked = fc
  .tuple(codingField, fc.array(data.chain(chunk), { maxLength: 3 }), pick('0', '0', '0', '00', '0;x', ''), lineEnd, trailer, lineEnd)
  .map(([coding, chunks, last, end, fields, close]) => [coding, chunks.join('') + last + end + fields + close] as const);
const unsized = fc.tuple(fc.constant(''), fc.oneof(data, fc.constant('')));
const both = fc.tuple(fc.tuple(lengthField(5), codingField), data).map(([fields, body]) => [fields.join(''), body] as const);

const statusLine = fc.tuple(version, oftenly(' ', '', '  ', '\t'), status, reason, lineEnd).map((parts) => parts.join(''));
const answer = fc
  .tuple(
    pick('', '', '', '', '\r\n', '\n', ' ', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 102 P\r\nX-Odd: 1\r\nContent-Length: 3\r\n\r\n'),
    statusLine,
    fc.array(fc.oneof({ weight: 4, arbitrary: freeField }, { weight: 1, arbitrary: connection }), { maxLength: 4 }),
    fc.oneof({ weight: 6, arbitrary: fc.oneof(sized, chunked) }, { weight: 1, arbitrary: fc.oneof(unsized, both) }),
    fc.array(freeField, { maxLength: 2 }),
    lineEnd,
    pick('', '', '', 'more', '\r\n', 'HTTP/1.1 200 OK\r\n\r\n'),
  )
  .map(
    ([before, line, fields, [framing, body], more, end, rest]) =>
      before + line + fields.join('') + framing + more.join('') + end + body + rest,
  );

const byte = fc.oneof(
  pick(...'\r\n\t :;,\0\x7f\xff019af"'),
  fc.nat(255).map((code) => String.fromCharCode(code)),
);
/** Replaces, inserts or removes a byte somewhere, or ends the stream there. */
const harm = fc.tuple(pick('replace', 'insert', 'remove', 'end', 'repeat'), fc.nat(), byte);
const harmed = fc
  .tuple(
    answer,
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(harm, { minLength: 1, maxLength: 3 }) }),
  )
  .map(([stream, harms]) =>
    harms.reduce((bytes, [how, where, other]) => {
      const place = where % (bytes.length + 1);
      if (how === 'end') return bytes.slice(0, place);
      if (how === 'repeat') return bytes.slice(0, place) + bytes.slice(Math.max(0, place - 5));
      return bytes.slice(0, place) + (how === 'remove' ? '' : other) + bytes.slice(how === 'insert' ? place : place + 1);
    }, stream),
  );

describe('the scanner', () => {
  it('reads and rejects what Node reads and rejects, whatever the answer and however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        harmed,
        fc.array(fc.nat(600), { maxLength: 6 }),
        pick(false, false, false, false, true),
        // From the third time on a head that came whole is recognised.
        pick(0, 2),
        async (stream, cuts, headOnly, before) => {
          const read = await readByBoth(stream, cuts, headOnly, before);
          const differences = DIFFERENCES.filter(({ applies }) => applies(stream, headOnly));
          if (differences.some(({ onlyKept }) => onlyKept === undefined)) return;
          if (differences.length === 0) expect(read.ours).toEqual(read.theirs);
          else expect({ ...read.ours, reusable: null }).toEqual({ ...read.theirs, reusable: null });
        },
      ),
      CASES,
    );
  });
});
