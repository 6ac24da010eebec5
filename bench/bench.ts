// `npm run bench`: what a request costs stickybench and its peers.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare/compare.ts';
import { markdown } from './compare/markdown.ts';
import { HELP, type Options, readOptions } from './compare/options.ts';
import { summarise } from './compare/summary.ts';
import { judge } from './compare/targets.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else await main(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}

async function main(options: Options): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
  const document = await compare(options, command, say);
  const targets = judge(document);
  const text = markdown(document);
  mkdirSync(options.out, { recursive: true });
  const summaries = Object.fromEntries(document.sections.map((section) => [section.key, summarise(section)]));
  writeFileSync(join(options.out, 'bench.json'), `${JSON.stringify({ ...document, summaries, targets }, null, 1)}\n`);
  writeFileSync(join(options.out, 'bench.md'), text);
  process.stdout.write(text);
  say(`written to ${options.out}`);
  if (options.strict && targets.some(({ met }) => met !== true)) process.exitCode = 1;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
