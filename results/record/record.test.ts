import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry, Exchange, Outcome } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import type { RunFooter, RunHeader } from '../../model/record.ts';
import { ALONE } from '../../model/shard.ts';
import { GROUP } from './exchange-log.ts';
import { readRecord } from './read-record.ts';
import { createRecord } from './write-record.ts';

const header: RunHeader = {
  kind: 'run',
  identity: {
    name: 'jvm_route',
    description: 'one node killed',
    seed: 1,
    users: 200,
    lab: 'embedded',
    labReason: 'nginx is not here',
    target: 'http://127.0.0.1:18080',
    versions: { stickybench: '0.1.0', node: '20.19.0' },
    startedAt: '2026-01-02T03:04:05.000Z',
    workers: ALONE,
    ceiling: null,
  },
  setup: {
    strategy: 'jvm_route',
    sessions: 'memory',
    backends: ['tomcat01', 'tomcat02'],
    failTimeout: 10_000_000,
    sessionTimeout: 1_800_000_000,
    profile: 'tomcat',
    sessionCookie: 'JSESSIONID',
    phases: [{ name: 'steady', warmup: false }],
    quantiles: [0.5, 0.99, 1],
  },
  thresholds: [],
};

const footer: RunFooter = { kind: 'end', at: 9_007_199_254_740_991, ended: 'finished', missing: [] };

// `binary` is every code point but lone surrogates, which UTF-8 cannot say: control characters, byte order marks, bidi marks and all.
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\ufeff', '\ufefftomcat', '\u0000', '"\n\r\t\\', "';--", '\u202e', '[]', 'null', '😀', '<script>', '\u001b[2J'),
);
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null });
const long = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER));
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({
    kind: fc.constant('answered' as const),
    status: fc.integer({ min: 100, max: 999 }),
    met: fc.boolean(),
    backend: maybe(text),
    path: fc.array(text, { maxLength: 3 }),
    set: maybe(text),
    deleted: fc.boolean(),
    effective: maybe(text),
    created: maybe(fc.boolean()),
    owner: maybe(text),
    counter: maybe(fc.oneof(long, fc.maxSafeInteger())),
  }),
  fc.record({ kind: fc.constant('refused' as const), reason: fc.constantFrom('connection-refused' as const, 'tls' as const) }),
  fc.record({ kind: fc.constant('lost' as const), reason: fc.constantFrom('timeout' as const, 'cut' as const) }),
);
const exchange: fc.Arbitrary<Exchange> = fc.record({
  kind: fc.constant('exchange' as const),
  user: fc.nat({ max: 2 ** 31 - 1 }),
  seq: fc.nat({ max: 2 ** 31 - 1 }),
  due: long,
  asked: long,
  sent: long,
  done: long,
  phase: text,
  egress: text,
  method: text,
  name: text,
  op: fc.constantFrom('read' as const, 'write' as const, 'create' as const, 'rotate' as const, 'logout' as const, 'other' as const),
  key: text,
  session: maybe(text),
  outcome,
});
const entry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 5, arbitrary: exchange },
  fc.record({
    kind: fc.constant('fault' as const),
    at: long,
    fault: fc.nat(),
    action: fc.constantFrom('kill' as const, 'exec' as const),
    target: text,
    stage: fc.constantFrom('began' as const, 'ending' as const, 'ended' as const, 'failed' as const),
    detail: text,
  }),
  fc.record({
    kind: fc.constant('phase' as const),
    at: long,
    name: text,
    warmup: fc.boolean(),
    stage: fc.constantFrom('began' as const, 'ended' as const),
  }),
  fc.record({
    kind: fc.constant('pulse' as const),
    worker: fc.nat(2),
    at: long,
    users: fc.nat(),
    inFlight: fc.nat(),
    unstarted: fc.nat(),
    utilisation: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'stickybench-record-'));
});
afterAll(() => rmSync(root, { recursive: true }));
const folder = (): string => mkdtempSync(join(root, 'run-'));

async function all(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const list: Entry[] = [];
  for await (const item of entries) list.push(item);
  return list;
}

async function recorded(entries: readonly Entry[]): Promise<string> {
  const run = folder();
  const record = createRecord(run, header);
  for (const item of entries) record.entry(item);
  await record.close(footer);
  return run;
}

const plain = (user: number, done: number): Exchange => ({
  kind: 'exchange',
  user,
  seq: 0,
  due: done - 20,
  asked: done - 15,
  sent: done - 10,
  done,
  phase: 'steady',
  egress: '127.0.1.1',
  method: 'GET',
  name: 'GET /cart',
  op: 'read',
  key: 'counter',
  session: `${user}.tomcat01`,
  outcome: {
    kind: 'answered',
    status: 200,
    met: true,
    backend: 'tomcat01',
    path: ['tomcat01'],
    set: null,
    deleted: false,
    effective: `${user}.tomcat01`,
    created: false,
    owner: 'owner',
    counter: 3,
  },
});
const pulse = (at: number): Entry => ({ kind: 'pulse', worker: 0, at, users: 1, inFlight: 0, unstarted: 0, utilisation: 0.25 });

describe('a record', () => {
  it('gives back every entry exactly as it was, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 60 }), async (entries) => {
        const run = await recorded(entries);
        const record = await readRecord(run);
        expect(record.header).toEqual(header);
        expect(record.footer).toEqual(footer);
        expect(await all(record.entries)).toEqual(entries);
        rmSync(run, { recursive: true });
      }),
      { numRuns: 150 },
    );
  });

  it('keeps its order over several row groups', async () => {
    const entries: Entry[] = [pulse(0)];
    for (let at = 1; at <= 2 * GROUP + 17; at++) {
      entries.push(plain(at % 7, at * 1_000));
      if (at % 5_000 === 0 || at === GROUP) entries.push(pulse(at * 1_000));
    }
    const run = await recorded(entries);
    expect(await all((await readRecord(run)).entries)).toEqual(entries);
    const file = readFileSync(join(run, 'exchanges.parquet'));
    expect(parquetMetadata(file).row_groups.map(({ num_rows }) => num_rows)).toEqual([8_192n, 8_192n, 17n]);
  });

  it('can be read twice', async () => {
    const entries = [plain(1, 100), pulse(150), plain(1, 200)];
    const record = await readRecord(await recorded(entries));
    expect([await all(record.entries), await all(record.entries)]).toEqual([entries, entries]);
  });

  it('of no entries at all is a record', async () => {
    const run = await recorded([]);
    const record = await readRecord(run);
    expect(record.footer).toEqual(footer);
    expect(await all(record.entries)).toEqual([]);
    expect(parquetMetadata(readFileSync(join(run, 'exchanges.parquet'))).num_rows).toBe(0n);
  });

  it('is readable from the moment it is created, and cut until it is closed', async () => {
    const run = folder();
    const record = createRecord(run, header);
    record.entry(pulse(5));
    const early = await readRecord(run);
    expect(early.footer).toBe(null);
    expect(await all(early.entries)).toEqual([pulse(5)]);
    await record.close(footer);
  });

  it('refuses entries after it was closed, and closes once', async () => {
    const record = createRecord(folder(), header);
    await Promise.all([record.close(footer), record.close(footer)]);
    expect(() => record.entry(pulse(1))).toThrow('an entry came after the record was closed');
  });

  it('reads marks beyond the last exchange on disk, and leaves out a line cut in writing', async () => {
    const run = await recorded([plain(1, 100), pulse(150)]);
    const path = join(run, 'events.ndjson');
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, [lines[0], lines[1], JSON.stringify({ ...pulse(900), row: 77 }), '{"kind":"pul'].join('\n'));
    const record = await readRecord(run);
    expect(record.footer).toBe(null);
    expect(await all(record.entries)).toEqual([plain(1, 100), pulse(150), pulse(900)]);
  });
});

async function problem(run: string): Promise<string> {
  try {
    await all((await readRecord(run)).entries);
  } catch (error) {
    if (error instanceof StickyError) return `${error.code}: ${error.message.replaceAll(run, 'RUN')}`;
    throw error;
  }
  return 'none';
}

describe('a damaged record', () => {
  it('says which file is missing', async () => {
    expect(await problem(join(root, 'nowhere'))).toMatch(/^RECORD_UNREADABLE: RUN\/events\.ndjson cannot be read: ENOENT/);
    const run = await recorded([]);
    rmSync(join(run, 'exchanges.parquet'));
    expect(await problem(run)).toMatch(/^RECORD_UNREADABLE: RUN\/exchanges\.parquet cannot be read: ENOENT/);
  });

  it('says which line is wrong', async () => {
    const run = await recorded([pulse(1)]);
    const path = join(run, 'events.ndjson');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, '');
    expect(await problem(run)).toBe('RECORD_UNREADABLE: RUN/events.ndjson is empty.');
    writeFileSync(path, good.replace('"kind":"pulse"', '"kind":"puls"'));
    expect(await problem(run)).toBe('RECORD_UNREADABLE: RUN/events.ndjson:2: expected a fault, phase or pulse with its row, got "puls".');
    writeFileSync(path, `${good.split('\n')[0]}\n{"kind":\n{}\n`);
    expect(await problem(run)).toBe('RECORD_UNREADABLE: RUN/events.ndjson:2: not JSON.');
    writeFileSync(path, '{"kind":"pulse","at":1,"row":0}\n');
    expect(await problem(run)).toBe('RECORD_UNREADABLE: RUN/events.ndjson:1: expected the header of a run, got "pulse".');
  });

  it('is told from a whole one when the Parquet file was cut', async () => {
    const run = await recorded([plain(1, 100)]);
    const path = join(run, 'exchanges.parquet');
    truncateSync(path, statSync(path).size - 7);
    expect(await problem(run)).toBe('RECORD_UNREADABLE: RUN/exchanges.parquet cannot be read: parquet file invalid (footer != PAR1)');
    writeFileSync(path, '');
    expect(await problem(run)).toMatch(/^RECORD_UNREADABLE: RUN\/exchanges\.parquet cannot be read: /);
  });
});

describe('a record that cannot be written', () => {
  it('is an OUTPUT_UNWRITABLE at once when the folder is not there', () => {
    const create = (): unknown => createRecord(join(root, 'nowhere'), header);
    expect(create).toThrow(StickyError);
    expect(create).toThrow('cannot be written: ENOENT');
  });

  it('keeps an exchange that cannot be from the disk, and says so at the end', async () => {
    const run = folder();
    const record = createRecord(run, header);
    record.entry({ ...plain(1, 100), due: 0.5 });
    await expect(record.close(footer)).rejects.toThrow('impossible exchange: due is 0.5');
    expect(record.failure?.message).toBe('impossible exchange: due is 0.5');
    const cut = await readRecord(run);
    expect(cut.footer).toBe(null);
    expect(await all(cut.entries)).toEqual([]);
  });
});
