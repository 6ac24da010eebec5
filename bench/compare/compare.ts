// The comparison: every client in turns in every section, then memory. What cannot be measured is left out, and said.

import { availableParallelism } from 'node:os';
import { thisMachine, versions } from '../rig/machine.ts';
import { startTarget, type Target } from '../rig/target.ts';
import { type BenchDocument, DOCUMENT_VERSION, type RowResult, type Run, type SectionResult } from './document.ts';
import { measure } from './measure.ts';
import { holdCrowds } from './memory.ts';
import type { Options } from './options.ts';
import { type Planned, planOf } from './plan.ts';
import type { Row } from './rows.ts';
import { type Say, wordsOf } from './say.ts';
import { lookAtClients } from './seen.ts';

/** Runs the comparison. Throws when there is no target to measure on: no nginx, no second core. */
export async function compare(options: Options, command: string, say: Say): Promise<BenchDocument> {
  if (availableParallelism() < 2) throw new Error('the comparison needs two cores: one for the target, one for the client');
  const began = Date.now();
  const plan = planOf(options);
  const target = await startTarget();
  try {
    const sections: SectionResult[] = [];
    for (const section of plan.sections) sections.push(await compareSection(target, section, options, say));
    const seen = options.quick ? [] : await lookAtClients(target, plan, say);
    const memory = options.memory ? await holdCrowds(target, plan, say) : { held: [], leftOut: [] };
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

/** Every client has one turn in each round; every second round goes the other way, so that a slow drift of the machine favours none. */
async function compareSection(target: Target, { section, rows, rounds }: Planned, options: Options, say: Say): Promise<SectionResult> {
  const runs = new Map<Row, Run[]>(rows.map((row) => [row, []]));
  const failed = new Map<Row, string>();
  const { warmUp, window, dist } = options;
  for (let round = 0; round < rounds; round++) {
    for (const row of round % 2 === 0 ? rows : rows.toReversed()) {
      const told = `${section.title}, round ${round + 1} of ${rounds}: ${row.name}`;
      try {
        const run = await measure(target, { row, section, round, warmUp, window, dist });
        runs.get(row)?.push(run);
        say(`${told}  ${run.cost.toFixed(2)} µs per ${section.unit}, ${Math.round(run.count / run.seconds).toLocaleString('en')}/s`);
      } catch (error) {
        const why = wordsOf(error);
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
