import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import { headerLine } from './events.ts';
import { differences, entry, footer, header, plain, pulse } from './fixtures/entries.ts';
import { readRecord } from './read-record.ts';
import { createParquetFile } from './recorder/parquet-file.ts';
import { createRecorder, GROUP, HELD } from './recorder/recorder.ts';
import { createSpool } from './spool/spool.ts';
import { createRecord } from './write-record.ts';

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

/** Records in a thread, as a run does. */
async function recorded(entries: readonly Entry[]): Promise<string> {
  const run = folder();
  const record = createRecord(run, header, 1);
  for (const item of entries) record.entry(item);
  await record.close(footer);
  return run;
}

/** Records without a thread; commits where it is told to. */
function recordedHere(entries: readonly Entry[], commitAfter: (place: number) => boolean): string {
  const run = folder();
  writeFileSync(join(run, 'events.ndjson'), headerLine(header));
  createParquetFile(join(run, 'exchanges.parquet'));
  const recorder = createRecorder(run, 1, HELD);
  const spool = createSpool((batch) => {
    recorder.take(0, structuredClone(batch));
    while (recorder.work());
  });
  for (const [place, item] of entries.entries()) {
    spool.entry(item);
    if (!commitAfter(place)) continue;
    spool.flush();
    recorder.commit();
  }
  spool.flush();
  recorder.close(footer);
  return run;
}

const WAIT = { timeout: 15_000, interval: 50 };

describe('a record', () => {
  it('gives back every entry exactly as it was, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 60 }), fc.integer({ min: 1, max: 61 }), async (entries, step) => {
        const run = recordedHere(entries, (place) => place % step === 0);
        const record = await readRecord(run);
        expect(record.header).toEqual(header);
        expect(record.footer).toEqual(footer);
        expect(await all(record.entries)).toEqual(entries);
        rmSync(run, { recursive: true });
      }),
      { numRuns: 120 },
    );
  });

  it('gives them back when a thread wrote it', async () => {
    const entries = fc.sample(entry, { numRuns: 2_000, seed: 5 });
    const record = await readRecord(await recorded(entries));
    expect(await all(record.entries)).toEqual(entries);
  });

  it('keeps its order over several row groups', async () => {
    const entries: Entry[] = [pulse(0)];
    for (let at = 1; at <= GROUP + 17; at++) {
      entries.push(plain(at % 7, at * 1_000));
      if (at % 5_000 === 0 || at === GROUP) entries.push(pulse(at * 1_000));
    }
    const run = recordedHere(entries, () => false);
    expect(differences(await all((await readRecord(run)).entries), entries)).toEqual([]);
    expect(groupsOf(run)).toEqual([65_536n, 17n]);
  });

  it('of a quiet run has no small row groups, though each commit makes all of it safe', async () => {
    const entries = Array.from({ length: 40_000 }, (_, place) => plain(place % 7, place * 1_000));
    const run = recordedHere(entries, (place) => place % 1_000 === 0);
    expect(groupsOf(run)).toEqual([17_001n, 17_000n, 5_999n]);
    expect(differences(await all((await readRecord(run)).entries), entries)).toEqual([]);
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
    const record = createRecord(run, header, 1);
    expect((await readRecord(run)).footer).toBe(null);
    record.entry(pulse(5));
    await vi.waitFor(async () => expect(await all((await readRecord(run)).entries)).toEqual([pulse(5)]), WAIT);
    record.entry(plain(1, 100));
    await vi.waitFor(async () => expect(await all((await readRecord(run)).entries)).toEqual([pulse(5), plain(1, 100)]), WAIT);
    expect((await readRecord(run)).footer).toBe(null);
    await record.close(footer);
  });

  it('refuses entries after it was closed, and closes once', async () => {
    const record = createRecord(folder(), header, 1);
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

const groupsOf = (run: string): readonly bigint[] =>
  parquetMetadata(readFileSync(join(run, 'exchanges.parquet'))).row_groups.map(({ num_rows }) => num_rows);

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
    const create = (): unknown => createRecord(join(root, 'nowhere'), header, 1);
    expect(create).toThrow(StickyError);
    expect(create).toThrow('cannot be written: ENOENT');
  });

  it('keeps an exchange that cannot be from the disk, and says so at the end', async () => {
    const run = folder();
    const record = createRecord(run, header, 1);
    record.entry({ ...plain(1, 100), due: 0.5 });
    await expect(record.close(footer)).rejects.toThrow('impossible exchange: due is 0.5');
    expect(record.failure?.message).toBe('impossible exchange: due is 0.5');
    const cut = await readRecord(run);
    expect(cut.footer).toBe(null);
    expect(await all(cut.entries)).toEqual([]);
  });

  it('because its thread met a bug says which, and takes no harm from what still comes', async () => {
    const record = createRecord(folder(), header, 1);
    const spool = createSpool((batch) => record.take(1, batch));
    spool.entry(pulse(1));
    await vi.waitFor(() => expect(record.failure?.message).toBe('there is no source 1: they are numbered from 0 to 0'), WAIT);
    expect(record.failure).not.toBeInstanceOf(StickyError);
    record.entry(plain(1, 100));
    await expect(record.close(footer)).rejects.toThrow('there is no source 1');
  });
});
