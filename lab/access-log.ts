// Takes the session ids out of the lab's logs before they are kept: cookie values never reach the run folder in clear.

import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Bytes read at a time: an access log may be longer than any string. */
const CHUNK = 1 << 20;
const NEWLINE = 0x0a;
/** Hex digits that stand for an id. */
const SHORT = 16;

/** Copies a log, disguised under a key that nobody keeps. Throws what the file system throws. */
export function copyDisguised(from: string, to: string): void {
  const input = openSync(from, 'r');
  const output = openSync(to, 'w');
  try {
    const key = randomBytes(32);
    // Latin 1 takes every byte as it is.
    for (const lines of wholeLines(input)) writeSync(output, disguiseLog(lines.toString('latin1'), key), null, 'latin1');
  } finally {
    closeSync(input);
    closeSync(output);
  }
}

/** Of a value in the balancer's log, the id and the route it may end with. */
const VALUE = /\b((?:set)?ck=")([^"]*?)(\.[A-Za-z0-9_-]+)?"/g;
/** A session id as Tomcat makes it, anywhere: in a path parameter, in a stack trace. */
const ID = /(?<![0-9A-Fa-f])[0-9A-Fa-f]{32}(?![0-9A-Fa-f])/g;

/**
 * Replaces the values of `ck` and `setck`, and everywhere else what looks like a session id, by a short keyed hash: under one key equal
 * ids stay equal. The route behind the last dot is kept, and so is an empty value or a dash.
 */
export function disguiseLog(text: string, key: Buffer): string {
  const hash = (id: string) => createHmac('sha256', key).update(id).digest('hex').slice(0, SHORT);
  return text
    .replaceAll(VALUE, (_, name: string, id: string, route = '') => `${name}${id === '' || id === '-' ? id : hash(id)}${route}"`)
    .replaceAll(ID, hash);
}

/** The file in pieces that end with a line, so that no id is cut. */
function* wholeLines(file: number): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk = Buffer.alloc(CHUNK);
    const length = readSync(file, chunk, 0, CHUNK, null);
    if (length === 0) break;
    const read = Buffer.concat([rest, chunk.subarray(0, length)]);
    const end = read.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield read.subarray(0, end);
    rest = read.subarray(end);
  }
  if (rest.length > 0) yield rest;
}
