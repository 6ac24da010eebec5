// Compiles our Java sources against the installed Tomcat, once for each state of sources, Tomcat and JDK.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { StickyError } from '../../../model/errors.ts';
import type { Supervisor } from '../../processes/supervisor.ts';
import type { Programs } from '../programs.ts';
import { FINISHED, sweepCache, touched, UNFINISHED } from './cache.ts';

export interface Compiled {
  /** The web application, a docBase. */
  readonly webapp: string;
  /** Classes of the session manager, for Tomcat's common loader. */
  readonly managerClasses: string;
}

/** For whom it is compiled: javac ends with the lab, and what cannot go to the cache goes to the lab's folder. */
export type CompilingLab = Pick<Supervisor, 'folder' | 'stopping'>;

/**
 * Compiles unless the cache has it. Several labs may do so at once: each compiles into a folder of its own and renames it into
 * place, and whoever comes second takes what is there. `cache` is the folder of all such results. Throws COMPILE_FAILED with the words
 * of javac, and the reason of `lab.stopping` when that comes first.
 */
export async function compileJava(
  programs: Pick<Programs, 'java' | 'tomcat'>,
  lab: CompilingLab,
  cache: string = userCache(),
): Promise<Compiled> {
  const sources = javaSources();
  const done = join(cache, `${FINISHED}${keyOf(sources, programs)}`);
  if (touched(done)) return parts(done);
  const fresh = makeFolder(cache) ?? mkdtempSync(join(lab.folder, FINISHED));
  try {
    await compileAll(sources, programs, fresh, lab.stopping);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  if (dirname(fresh) !== cache) return parts(fresh);
  const compiled = settle(fresh, done);
  sweepCache(cache, Date.now());
  return compiled;
}

/** Where results are kept between runs (XDG Base Directory specification). */
function userCache(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'stickybench');
}

interface Source {
  readonly path: string;
  readonly text: string;
}

function parts(folder: string): Compiled {
  return { webapp: join(folder, 'webapp'), managerClasses: join(folder, 'manager') };
}

/** `lab/real/java` of the package, whether we run from the sources or from `dist/`. */
function javaFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'lab', 'real', 'java');
}

function javaSources(): readonly Source[] {
  const root = javaFolder();
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.java') || path.endsWith('.xml'))
    .sort()
    .map((path) => ({ path: join(root, path), text: readFileSync(join(root, path), 'utf8') }));
}

function keyOf(sources: readonly Source[], programs: Pick<Programs, 'java' | 'tomcat'>): string {
  const hash = createHash('sha256');
  for (const word of [programs.java.version, programs.tomcat.version, ...sources.map((source) => source.text)]) hash.update(`${word}\0`);
  return hash.digest('hex').slice(0, 24);
}

function makeFolder(cache: string): string | null {
  try {
    mkdirSync(cache, { recursive: true });
    return mkdtempSync(join(cache, UNFINISHED));
  } catch {
    return null;
  }
}

/** One javac for everything, since starting it is most of the work; then each package goes to where Tomcat looks for it. */
async function compileAll(
  sources: readonly Source[],
  programs: Pick<Programs, 'java' | 'tomcat'>,
  into: string,
  stopping: AbortSignal,
): Promise<void> {
  const { webapp, managerClasses } = parts(into);
  const all = join(into, 'all');
  const classes = join(webapp, 'WEB-INF', 'classes');
  for (const folder of [all, join(classes, 'stickybench'), join(managerClasses, 'stickybench')]) mkdirSync(folder, { recursive: true });
  const files = sources.map(({ path }) => path).filter((path) => path.endsWith('.java'));
  await javac(programs, files, all, stopping);
  renameSync(join(all, 'stickybench', 'app'), join(classes, 'stickybench', 'app'));
  renameSync(join(all, 'stickybench', 'redis'), join(managerClasses, 'stickybench', 'redis'));
  rmSync(all, { recursive: true });
  copyFileSync(join(javaFolder(), 'app', 'web.xml'), join(webapp, 'WEB-INF', 'web.xml'));
}

/** Its death is awaited, also when the lab ends first, so that nobody writes any more to the folder that is then removed. */
async function javac(
  { java, tomcat }: Pick<Programs, 'java' | 'tomcat'>,
  files: readonly string[],
  into: string,
  stopping: AbortSignal,
): Promise<void> {
  stopping.throwIfAborted();
  const classpath = `${join(tomcat.home, 'lib', '*')}:${join(tomcat.home, 'bin', 'tomcat-juli.jar')}`;
  const running = promisify(execFile)(java.compiler, ['-proc:none', '-encoding', 'UTF-8', '-cp', classpath, '-d', into, ...files]);
  const end = () => running.child.kill('SIGKILL');
  stopping.addEventListener('abort', end, { once: true });
  try {
    await running;
  } catch (error) {
    stopping.throwIfAborted();
    // The message has the command line and all that javac said.
    const words = error instanceof Error ? error.message.trim() : String(error);
    throw new StickyError('COMPILE_FAILED', `javac ${java.version} with Tomcat ${tomcat.version}: ${words}`);
  } finally {
    stopping.removeEventListener('abort', end);
  }
}

function settle(fresh: string, done: string): Compiled {
  try {
    renameSync(fresh, done);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(done)) throw error;
  }
  return parts(done);
}
