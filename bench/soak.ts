// `npm run soak`: a steady load for a quarter of an hour, then its record judged again, then one of ten million exchanges.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { thisMachine, versions } from './rig/machine.ts';
import { bring } from './rig/needs.ts';
import { ROOT } from './rig/root.ts';
import { startTarget } from './rig/target.ts';
import type { Judged, SoakDocument } from './soak/document.ts';
import { judgeAgain } from './soak/judge.ts';
import { fill, lastRun, soak } from './soak/load.ts';
import { soakMarkdown } from './soak/markdown.ts';

const HELP = `npm run soak -- [options]

Keeps stickybench under a steady load on a bare nginx, and writes soak.json and soak.md: does its memory grow, do latencies,
does the record hold every request, and how long does it take to judge it again?

  --minutes N     length of the load (15); 0: none
  --rate N        requests a second (4000), from half as many users who think for half a second
  --exchanges N   size of the record that is made at full speed and judged again (10000000); 0: none
  --out DIR       where to write (results/reference)
  --dist DIR      another build of stickybench than the one in dist
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    rate: { type: 'string', default: '4000' },
    exchanges: { type: 'string', default: '10000000' },
    out: { type: 'string', default: join(ROOT, 'results/reference') },
    dist: { type: 'string', default: join(ROOT, 'dist') },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else
  await main().catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 3;
  });

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const [dist, out] = [resolve(values.dist), resolve(values.out)];
  const [minutes, rate, exchanges] = [Number(values.minutes), Number(values.rate), Number(values.exchanges)];
  const missing = bring(['nginx', 'taskset'], true);
  if (missing.size > 0) throw new Error(`no target to load: ${[...missing.values()].join('; ')}`);
  const startedAt = new Date().toISOString();
  const target = await startTarget();
  try {
    const judged: Judged[] = [];
    const steady = minutes > 0 ? await soak(target, { minutes, rate, dist, say }) : null;
    if (steady !== null) judged.push(await judgeAgain('of the load', lastRun(target), dist));
    if (exchanges > 0) {
      await fill(target, exchanges, dist, say);
      judged.push(await judgeAgain('at full speed, 64 users', lastRun(target), dist));
    }
    const command = ['npm run soak', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
    write(out, { version: 1, command, startedAt, machine: thisMachine(), versions: versions(), soak: steady, judged });
  } finally {
    await target.stop();
  }
}

function write(out: string, document: SoakDocument): void {
  const text = soakMarkdown(document);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'soak.json'), `${JSON.stringify(document)}\n`);
  writeFileSync(join(out, 'soak.md'), text);
  process.stdout.write(text);
  say(`written to ${out}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
