// Where the repository is, seen from the sources as from their compiled copies.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the folder that holds the project. */
export const ROOT = rootAbove(fileURLToPath(import.meta.url));

function rootAbove(path: string): string {
  const folder = dirname(path);
  if (existsSync(join(folder, 'tsconfig.build.json'))) return folder;
  if (folder === path) throw new Error('the benchmark is not inside its repository');
  return rootAbove(folder);
}
