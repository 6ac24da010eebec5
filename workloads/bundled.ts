// The workloads that come with stickybench, and how a name finds its file.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StickyError } from '../model/errors.ts';
import { parseWorkload } from './parse-workload.ts';
import { didYouMean } from './problems/nearest.ts';

export interface BundledWorkload {
  readonly name: string;
  readonly description: string;
  /** Absolute. */
  readonly path: string;
}

/** All bundled workloads, by name. */
export function bundledWorkloads(): BundledWorkload[] {
  return bundledFiles().map((path) => {
    const parsed = parseWorkload(readFileSync(path, 'utf8'), path, (file) => readFileSync(file, 'utf8'));
    if ('problems' in parsed) throw new Error(`impossible workload: ${path} is bundled and has problems`);
    return { name: bareName(path), description: parsed.workload.description, path };
  });
}

/**
 * The file that `name` means: a path, or a name in the folder `cwd` or among the bundled workloads, with or without `.yml` or `.yaml`; a file
 * in `cwd` wins.
 * @throws StickyError WORKLOAD_NOT_FOUND, naming what was looked for and what there is.
 */
export function findWorkload(name: string, cwd: string): string {
  for (const candidate of [name, `${name}.yml`, `${name}.yaml`]) {
    const path = resolve(cwd, candidate);
    if (isFile(path)) return shortest(path);
  }
  const bundled = bundledFiles();
  const bare = bareName(name);
  const found = name === basename(name) ? bundled.find((path) => bareName(path) === bare) : undefined;
  if (found !== undefined) return found;
  const names = bundled.map(bareName);
  const hint = [didYouMean(bare, names), `Bundled are ${names.join(', ')}.`].filter((sentence) => sentence !== '').join(' ');
  throw new StickyError('WORKLOAD_NOT_FOUND', `There is no workload ${name}: no such file in ${cwd}, and none bundled of that name.`, hint);
}

function bundledFiles(): string[] {
  const folder = join(packageRoot(), 'workloads');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .sort()
    .map((file) => join(folder, file));
}

/** The folder of package.json, from the sources as well as from dist/. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('impossible package: no package.json above its own code');
    folder = parent;
  }
  return folder;
}

function bareName(path: string): string {
  return basename(path).replace(/\.ya?ml$/, '');
}

/** Relative where it lies below the current folder, for messages. */
function shortest(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
