// The comparison: every client in turns in every section, then memory. What cannot be measured is left out, and said.

import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startClient } from './client.ts';
import {
  type BenchDocument,
  DOCUMENT_VERSION,
  type LeftOut,
  type MemoryResult,
  type RowResult,
  type Run,
  type SectionResult,
  type SeenResult,
} from './document.ts';
import { thisMachine, versions } from './machine.ts';
import { environmentOf, measure } from './measure.ts';
import { CROWDS, hold, perUser } from './memory.ts';
import { bring } from './needs.ts';
import type { Options } from './options.ts';
import { knowsWorkers, type Row, rowOf } from './rows.ts';
import type { Section } from './sections.ts';
import { seenIn } from './seen-text.ts';
import { CLIENT_CORE, startTarget, type Target } from './target.ts';

/** Talk while it goes on. */
export type Say = (line: string) => void;

/** Runs the comparison. Throws when there is no target to measure on: no nginx, no second core. */
export async function bench(options: Options, command: string, say: Say): Promise<BenchDocument> {
  if (availableParallelism() < 2) throw new Error('the comparison needs two cores: one for the target, one for the client');
  const began = Date.now();
  const plan = planOf(options);
  const target = await startTarget();
  try {
    const sections: SectionResult[] = [];
    for (const section of plan.sections) sections.push(await compare(target, section, options, say));
    const seen = options.quick ? [] : await lookAt(target, plan.sections, options, say);
    const memory = options.memory ? await crowds(target, plan, options, say) : { held: [], leftOut: [] };
    return {
      version: DOCUMENT_VERSION,
      command,
      startedAt: new Date(began).toISOString(),
      took: (Date.now() - began) / 1000,
      machine: thisMachine(),
      versions: versions(),
      settings: { quick: options.quick, warmUp: options.warmUp, window: options.window },
      sections,
      seen,
      memory: memory.held,
      leftOut: [...plan.leftOut, ...memory.leftOut],
    };
  } finally {
    await target.stop();
  }
}

interface Planned {
  readonly section: Section;
  readonly rows: readonly Row[];
  readonly rounds: number;
}

interface Plan {
  readonly sections: readonly Planned[];
  readonly leftOut: readonly LeftOut[];
  /** Program to the reason why it is missing. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Installs what the chosen rows need. Throws when the target itself cannot be had. */
function planOf(options: Options): Plan {
  const { quick, sections, without, rows: chosen, rounds } = options;
  const wanted = sections.map((section) => {
    const keys = (quick ? section.quick : section.rows).filter((key) => !without.includes(key));
    const rows = keys.filter((key, place) => chosen === null || chosen.includes(key) || place === 0).map(rowOf);
    return { section, rows, rounds: rounds ?? (quick ? Math.ceil(section.rounds / 3) : section.rounds) };
  });
  const needed = wanted.flatMap(({ rows }) => rows.flatMap(({ needs }) => needs ?? []));
  const missing = bring(['nginx', 'taskset', 'openssl', ...new Set(needed)], options.install);
  const vital = missing.get('nginx') ?? missing.get('taskset');
  if (vital !== undefined) throw new Error(`no target to measure on: ${vital}`);
  const planned = wanted.map(({ rows, ...rest }) => ({ ...rest, rows: rows.filter(({ needs }) => needs === null || !missing.has(needs)) }));
  const left = [...missing].map(([what, why]) => ({ what, why }));
  const open = planned.filter(
    ({ section, rows }) =>
      rows.length > 0 && (section.key !== 'workers' || knowsWorkers(options.dist)) && (section.door !== 'https' || !missing.has('openssl')),
  );
  return { sections: open, leftOut: [...left, ...without.map((what) => ({ what, why: 'not asked for (--without)' }))], missing };
}

/** Every client has one turn in each round; every second round goes the other way, so that a slow drift of the machine favours none. */
async function compare(target: Target, { section, rows, rounds }: Planned, options: Options, say: Say): Promise<SectionResult> {
  const runs = new Map<Row, Run[]>(rows.map((row) => [row, []]));
  const failed = new Map<Row, string>();
  const { warmUp, window } = options;
  for (let round = 0; round < rounds; round++) {
    for (const row of round % 2 === 0 ? rows : rows.toReversed()) {
      const told = `${section.title}, round ${round + 1} of ${rounds}: ${row.name}`;
      try {
        const run = await measure(target, { row, section, round, warmUp, window, task: taskOf(target, section, options) });
        runs.get(row)?.push(run);
        say(`${told}  ${run.cost.toFixed(2)} µs per ${section.unit}, ${Math.round(run.count / run.seconds).toLocaleString('en')}/s`);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        failed.set(row, why);
        say(`${told}  failed: ${why}`);
      }
    }
  }
  const { key, title, about, unit, connections } = section;
  const results = rows.map(
    (row): RowResult => ({ key: row.key, name: row.name, does: row.does, runs: runs.get(row) ?? [], failed: failed.get(row) ?? null }),
  );
  return { key, title, about, unit, connections, rows: results };
}

function taskOf(target: Target, { door, page, connections }: Section, { dist }: Options) {
  const certificate = door === 'https' ? target.certificate : null;
  return { url: target.url(door), page, connections, close: door === 'close', folder: target.folder, certificate, dist };
}

/** Sections whose clients are looked at: the target's log tells what each really sends. */
const LOOKED_AT = ['keep-alive-64', 'login-storm'];

async function lookAt(target: Target, planned: readonly Planned[], options: Options, say: Say): Promise<readonly SeenResult[]> {
  const results: SeenResult[] = [];
  for (const { section, rows } of planned.filter(({ section: { key } }) => LOOKED_AT.includes(key))) {
    for (const row of rows) {
      say(`${section.title}: what ${row.name} sends`);
      const lines = await linesOf(target, section, row, options);
      if (lines.length > 0) results.push({ section: section.key, row: row.key, name: row.name, seen: seenIn(lines) });
    }
  }
  return results;
}

/** Seconds that a slow client is looked at. */
const LONGEST_LOOK = 8;

/** A client's requests of a second or more, once it is under way: some fifty on each connection. Nothing when it does not get there: its turns have said why. */
async function linesOf(target: Target, section: Section, row: Row, options: Options): Promise<readonly string[]> {
  const task = { ...taskOf(target, section, options), url: target.url('seen'), seconds: 2 * LONGEST_LOOK };
  const start = {
    command: row.command(task),
    cores: `${CLIENT_CORE}`,
    env: environmentOf(options),
    load: 10 * section.connections,
    patience: 30,
  };
  try {
    const client = await startClient(target, start);
    target.seen();
    const before = await client.requests();
    const deadline = performance.now() + LONGEST_LOOK * 1000;
    do await sleep(1000);
    while ((await client.requests()) - before < 50 * section.connections && performance.now() < deadline);
    const lines = target.seen();
    await client.stop();
    return lines;
  } catch {
    return [];
  }
}

async function crowds(target: Target, { missing }: Plan, options: Options, say: Say) {
  const held: MemoryResult[] = [];
  const leftOut: LeftOut[] = [];
  for (const crowd of CROWDS.filter(({ tool, needs }) => !options.without.includes(tool) && (needs === null || !missing.has(needs)))) {
    const sizes = [];
    for (const users of options.quick ? crowd.quick : crowd.sizes) {
      try {
        const one = await hold(target, crowd, users, options.dist);
        sizes.push(one);
        say(`memory: ${crowd.tool} with ${users.toLocaleString('en')}: ${Math.round(one.resident / 1e6)} MB`);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        leftOut.push({ what: `memory of ${crowd.tool} with ${users} users`, why });
        say(`memory: ${crowd.tool} with ${users}: ${why}`);
      }
    }
    held.push(...perUser(crowd, sizes));
  }
  return { held, leftOut };
}
