// The rules of the house: which room may import what.

/** One import that a rule forbids. */
export interface Trespass {
  readonly file: string;
  readonly imports: string;
  readonly rule: string;
}

const ROOMS = ['model', 'workloads', 'engine', 'lab', 'analysis', 'results'];
const PURE = ['model', 'analysis'];

/** A package and the only places that may import it: a folder, or a file. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  autocannon: ['engine/ceiling.ts'],
  'tough-cookie': ['engine/users/'],
  yargs: ['cli/'],
  yaml: ['workloads/'],
  zod: ['workloads/'],
  'hdr-histogram-js': ['analysis/'],
  hyparquet: ['results/'],
  'hyparquet-writer': ['results/'],
};

/** Checks the imports of every product file. `files` maps a path from the root to its text. */
export function trespasses(files: ReadonlyMap<string, string>): readonly Trespass[] {
  const found: Trespass[] = [];
  for (const [file, text] of files) {
    for (const specifier of importsOf(text)) {
      const rule = broken(file, specifier);
      if (rule !== null) found.push({ file, imports: specifier, rule });
    }
  }
  return [...found, ...cycles(files)];
}

/** Module specifiers of static and dynamic imports and re-exports. */
function importsOf(text: string): readonly string[] {
  const statement = /^\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...text.matchAll(statement)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function broken(file: string, specifier: string): string | null {
  return specifier.startsWith('.') ? brokenByRoom(file, resolve(file, specifier)) : brokenByPackage(file, specifier);
}

function brokenByRoom(file: string, target: string): string | null {
  const from = roomOf(file);
  const to = roomOf(target);
  if (!ROOMS.includes(from) || from === to) return null;
  if (to !== 'model') return `${from} may import model and itself, never ${to === '' ? 'the front door' : to}`;
  return null;
}

function brokenByPackage(file: string, specifier: string): string | null {
  const from = roomOf(file);
  if (specifier.startsWith('node:')) return PURE.includes(from) ? `${from} is pure: it imports nothing of node` : null;
  if (from === 'model') return 'model imports nothing';
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const doors = DOORS[name];
  if (doors === undefined) return `${name} is not a dependency of the house`;
  return doors.some((door) => file.startsWith(door)) ? null : `${name} is imported only in ${doors.join(', ')}`;
}

/** Each cycle once, told from its first file in path order. Type-only imports count: a cycle of words is still a cycle. */
function cycles(files: ReadonlyMap<string, string>): readonly Trespass[] {
  const found: Trespass[] = [];
  const state = new Map<string, 'open' | 'closed'>();
  const visit = (file: string): void => {
    state.set(file, 'open');
    for (const specifier of importsOf(files.get(file) ?? '')) {
      if (!specifier.startsWith('.')) continue;
      const target = resolve(file, specifier);
      if (state.get(target) === 'open') found.push({ file, imports: specifier, rule: 'no cycles' });
      else if (files.has(target) && !state.has(target)) visit(target);
    }
    state.set(file, 'closed');
  };
  for (const file of [...files.keys()].sort()) if (!state.has(file)) visit(file);
  return found;
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '';
}

function resolve(file: string, specifier: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
