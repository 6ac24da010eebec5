import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, type Exchange, instant } from '../../../model/entry.ts';
import { headerLine } from '../events.ts';
import { differences, footer, header, plain } from '../fixtures/entries.ts';
import { readRecord } from '../read-record.ts';
import { createSpool, type Spool } from '../spool/spool.ts';
import { createParquetFile } from './parquet-file.ts';
import { createRecorder, HELD, type Recorder } from './recorder.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'stickybench-recorder-'));
});
afterAll(() => rmSync(root, { recursive: true }));

interface Begun {
  readonly run: string;
  readonly recorder: Recorder;
  readonly spools: readonly Spool[];
}

function begin(sources: number, held = HELD): Begun {
  const run = mkdtempSync(join(root, 'run-'));
  writeFileSync(join(run, 'events.ndjson'), headerLine(header));
  createParquetFile(join(run, 'exchanges.parquet'));
  const recorder = createRecorder(run, sources, held);
  const spools = Array.from({ length: sources }, (_, source) =>
    createSpool((batch) => {
      recorder.take(source, structuredClone(batch));
      while (recorder.work());
    }),
  );
  return { run, recorder, spools };
}

async function read(run: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  await (await readRecord(run)).each((entry) => entries.push(entry));
  return entries;
}

const pulse = (worker: number, at: number): Entry => ({
  kind: 'pulse',
  worker,
  at,
  users: 1,
  inFlight: 0,
  unstarted: 0,
  utilisation: 0.25,
});
const fault = (at: number, stage: 'began' | 'ended'): Entry => ({
  kind: 'fault',
  at,
  fault: 0,
  action: 'kill',
  target: 'b',
  stage,
  detail: '',
});
const phase = (at: number, stage: 'began' | 'ended'): Entry => ({ kind: 'phase', at, name: 'steady', warmup: false, stage });
const short = (entry: Entry): string => {
  if (entry.kind === 'exchange') return `${entry.user}@${entry.done}`;
  return entry.kind === 'pulse' ? `pulse ${entry.worker}@${entry.at}` : `${entry.kind} ${entry.stage}@${entry.at}`;
};

describe('several sources', () => {
  it('are put into the order of their instants; faults and phases are told once, between what came before and after them everywhere', async () => {
    const { run, recorder, spools } = begin(3);
    const streams: readonly (readonly Entry[])[] = [
      [phase(0, 'began'), plain(0, 10), plain(0, 30), fault(30, 'began'), plain(0, 31), pulse(0, 60), fault(70, 'ended'), plain(3, 80)],
      [phase(0, 'began'), plain(1, 20), fault(30, 'began'), plain(1, 30), pulse(1, 55), plain(1, 65), fault(70, 'ended')],
      [phase(0, 'began'), plain(2, 30), fault(30, 'began'), fault(70, 'ended'), plain(2, 70), plain(2, 90)],
    ];
    for (const [source, entries] of streams.entries()) {
      for (const entry of entries) spools[source]?.entry(entry);
      spools[source]?.flush();
    }
    recorder.close(footer);
    expect((await read(run)).map(short)).toEqual([
      'phase began@0',
      '0@10',
      '1@20',
      '0@30',
      '2@30',
      'fault began@30',
      '1@30',
      '0@31',
      'pulse 1@55',
      'pulse 0@60',
      '1@65',
      'fault ended@70',
      '2@70',
      '3@80',
      '2@90',
    ]);
  });

  it('wait for one another, but not for one that has ended', async () => {
    const { run, recorder, spools } = begin(2);
    const committed = async (): Promise<readonly string[]> => {
      while (recorder.work());
      recorder.commit();
      return (await read(run)).map(short);
    };
    for (const at of [10, 20, 30]) spools[0]?.entry(plain(0, at));
    spools[0]?.flush();
    expect(await committed()).toEqual([]);
    spools[1]?.entry(pulse(1, 20));
    expect(await committed()).toEqual(['0@10', '0@20', 'pulse 1@20']);
    recorder.end(1);
    expect(await committed()).toEqual(['0@10', '0@20', 'pulse 1@20', '0@30']);
    recorder.close(null);
    expect((await readRecord(run)).footer).toBe(null);
  });

  it('that tell of different faults are a bug', () => {
    const { recorder, spools } = begin(2);
    spools[0]?.entry(phase(0, 'began'));
    expect(() => {
      spools[1]?.entry(fault(0, 'began'));
      recorder.close(footer);
    }).toThrow('source 1 tells "fault 0 began" where another told "phase steady began"');
  });

  it('give one record, whatever the batches they come in', async () => {
    const stream = fc.array(fc.record({ wait: fc.nat(3), what: fc.constantFrom('exchange', 'pulse', 'flush') }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(stream, { minLength: 2, maxLength: 4 }), async (plans) => {
        const { run, recorder, spools } = begin(plans.length);
        const told: Entry[][] = plans.map(() => []);
        const clocks = plans.map(() => 0);
        const longest = Math.max(...plans.map((plan) => plan.length));
        for (let turn = 0; turn < longest; turn++) {
          for (const [source, plan] of plans.entries()) {
            const { wait, what } = plan[turn] ?? { wait: 0, what: 'flush' };
            const at = (clocks[source] ?? 0) + wait;
            clocks[source] = at;
            if (what === 'flush') {
              spools[source]?.flush();
              continue;
            }
            const entry = what === 'pulse' ? pulse(source, at) : { ...plain(source, at), seq: turn };
            told[source]?.push(entry);
            spools[source]?.entry(entry);
          }
        }
        for (const spool of spools) spool.flush();
        recorder.close(footer);
        const all = await read(run);
        expect(all.map(instant)).toEqual(
          told
            .flat()
            .map(instant)
            .sort((a, b) => a - b),
        );
        const sourceOf = (entry: Entry): number => (entry.kind === 'pulse' ? entry.worker : (entry as Exchange).user);
        for (const [source, entries] of told.entries()) expect(all.filter((entry) => sourceOf(entry) === source)).toEqual(entries);
        rmSync(run, { recursive: true });
      }),
      { numRuns: 40 },
    );
  });

  it('of which one is far behind fill a file and not the memory, and nothing is lost', async () => {
    const { run, recorder, spools } = begin(2, 20_000);
    const waiting = join(run, 'exchanges.waiting');
    const entries = Array.from({ length: 60_000 }, (_, n): Entry => (n % 7_000 === 5 ? pulse(0, n) : { ...plain(n % 50, n), seq: n }));
    for (const [n, entry] of entries.entries()) {
      spools[0]?.entry(entry);
      if (n === 16_000) expect(existsSync(waiting)).toBe(false);
    }
    expect(existsSync(waiting)).toBe(true);
    spools[0]?.flush();
    spools[1]?.entry(pulse(1, 1_000_000));
    recorder.commit();
    expect(differences(await read(run), entries)).toEqual([]);
    recorder.close(footer);
    expect(existsSync(waiting)).toBe(false);
    expect(differences(await read(run), [...entries, pulse(1, 1_000_000)])).toEqual([]);
  });
});

describe('numbers', () => {
  it('begin anew when a source has told too many texts, and mean the same in the record', async () => {
    const { run, recorder } = begin(1);
    const anew: boolean[] = [];
    const spool = createSpool((batch) => {
      anew.push(batch.anew);
      recorder.take(0, structuredClone(batch));
      while (recorder.work());
    });
    const entries = Array.from({ length: 90_000 }, (_, n): Exchange => {
      const session = `${n}.tomcat01`;
      const { outcome, ...rest } = plain(n % 1_000, n);
      if (outcome.kind !== 'answered') throw new Error('plain exchanges are answered');
      return { ...rest, session: n % 3 === 0 ? session : null, outcome: { ...outcome, set: session, effective: session, owner: `o${n}` } };
    });
    for (const entry of entries) spool.entry(entry);
    spool.flush();
    expect(anew.flatMap((is, place) => (is ? [place] : []))).toEqual([0, 9]);
    recorder.close(footer);
    expect(differences(await read(run), entries)).toEqual([]);
  });
});
