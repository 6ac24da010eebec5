// For tests: feeds a stream to a scanner in pieces, through one buffer that is overwritten after each piece.

import { nameTable } from './names.ts';
import { COMPLETE, INCOMPLETE, MALFORMED, OVERSIZED, type Progress } from './progress.ts';
import { Scanner } from './scanner.ts';

export interface Scanned {
  readonly outcome: 'complete' | 'incomplete' | 'malformed' | 'oversized';
  readonly status: number;
  /** Texts of the watched headers. */
  readonly watched: readonly (string | null)[];
  readonly setCookies: readonly string[];
  readonly body: string;
  readonly bodySize: number;
  readonly reusable: boolean;
  /** Bytes up to the end of the answer. */
  readonly used: number;
}

export interface Feed {
  readonly watched?: readonly string[];
  readonly maxBody?: number;
  readonly headOnly?: boolean;
  readonly wantsBody?: boolean;
  /** Where the stream is cut into pieces. */
  readonly cuts?: readonly number[];
  /** Whether the stream ends behind the bytes. */
  readonly end?: boolean;
}

const NAMES = { [COMPLETE]: 'complete', [INCOMPLETE]: 'incomplete', [MALFORMED]: 'malformed', [OVERSIZED]: 'oversized' } as const;

/** Scans the first answer of the stream. `stream` is latin1 text or bytes. */
export function scan(stream: string | Buffer, feed: Feed = {}): Scanned {
  const watched = feed.watched ?? [];
  const scanner = new Scanner(nameTable(watched), watched.length, feed.maxBody ?? 1_000_000);
  return scanWith(scanner, stream, feed);
}

/** Scans the next answer with a scanner that may have read others before. */
export function scanWith(scanner: Scanner, stream: string | Buffer, feed: Feed): Scanned {
  const bytes = typeof stream === 'string' ? Buffer.from(stream, 'latin1') : stream;
  const receive = Buffer.alloc(Math.max(1, bytes.length));
  const edges = [...new Set([0, ...(feed.cuts ?? []), bytes.length])].filter((cut) => cut <= bytes.length).sort((a, b) => a - b);
  let progress: Progress = INCOMPLETE;
  let read = 0;
  for (let piece = 1; piece < edges.length && progress === INCOMPLETE; piece++) {
    receive.fill('!');
    const from = edges[piece - 1] ?? 0;
    read = edges[piece] ?? 0;
    bytes.copy(receive, 0, from, read);
    progress = scanner.read(receive, read - from, feed.headOnly ?? false, feed.wantsBody ?? true);
  }
  if (progress === INCOMPLETE && feed.end === true) progress = scanner.end();
  return report(scanner, progress, read, feed.watched?.length ?? 0);
}

function report(scanner: Scanner, progress: Progress, read: number, watched: number): Scanned {
  const complete = progress === COMPLETE;
  return {
    outcome: NAMES[progress],
    status: complete ? scanner.status : 0,
    watched: complete ? Array.from({ length: watched }, (_, place) => scanner.header(place)) : [],
    setCookies: complete ? scanner.setCookies : [],
    body: complete ? scanner.body() : '',
    bodySize: complete ? scanner.bodySize : 0,
    reusable: complete && scanner.reusable,
    used: read - (complete ? scanner.surplus : 0),
  };
}
