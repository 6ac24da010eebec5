// Finds the programs that a real lab needs, and asks each for its version.

import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { SessionPlace } from '../../model/strategy.ts';
import { tomcatVersion } from './tomcat/version.ts';

export interface Programs {
  readonly nginx: { readonly path: string; readonly version: string; readonly jvmRoute: boolean };
  /** `path` is the java launcher, `compiler` the javac of the same JDK. */
  readonly java: { readonly path: string; readonly compiler: string; readonly version: string };
  /** `home` is a CATALINA_HOME. */
  readonly tomcat: { readonly home: string; readonly version: string };
  /** Null when sessions are not shared: then nobody looked for it. */
  readonly redis: RedisProgram | null;
}

export interface RedisProgram {
  readonly path: string;
  readonly version: string;
}

/** Paths that the user chose. nginx and redis name a binary, java a launcher or a JAVA_HOME, tomcat a CATALINA_HOME. */
export interface ProgramChoice {
  readonly nginx?: string | undefined;
  readonly java?: string | undefined;
  readonly tomcat?: string | undefined;
  readonly redis?: string | undefined;
}

export interface MissingProgram {
  readonly program: keyof Programs;
  /** Debian's package. */
  readonly package: string;
  /** Every place looked at, with what is wrong with what was found there. */
  readonly looked: readonly string[];
}

export type ProgramSearch = { readonly found: Programs } | { readonly missing: readonly MissingProgram[] };

/** Where servers lie when PATH does not say: an ordinary user's PATH has no sbin. */
const ALSO = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/local/nginx/sbin', '/opt/homebrew/bin'];
const TOMCAT_HOMES = ['/usr/share/tomcat10', '/usr/share/tomcat11', '/opt/tomcat', '/usr/local/tomcat'];
/** jakarta.servlet begins with Tomcat 10 (migration guide 10.0). */
const OLDEST_TOMCAT = 10;

/**
 * Looks for all of them, so that all that are missing can be named at once; for Redis only where `sessions` are shared. javac is always
 * needed, for the application. A program that was chosen is looked for nowhere else.
 */
export function findPrograms(choice: ProgramChoice, sessions: SessionPlace = 'shared'): ProgramSearch {
  const nginx = firstOf(choice.nginx === undefined ? onPath(['nginx']) : [choice.nginx], nginxAt);
  const java = firstOf(compilers(choice.java), javaAt);
  const tomcat = firstOf(choice.tomcat === undefined ? tomcatHomes() : [choice.tomcat], tomcatAt);
  const redis = sessions === 'shared' ? findRedis(choice) : { found: null };
  if ('found' in nginx && 'found' in java && 'found' in tomcat && 'found' in redis) {
    return { found: { nginx: nginx.found, java: java.found, tomcat: tomcat.found, redis: redis.found } };
  }
  const missing: MissingProgram[] = [];
  if ('looked' in nginx) missing.push({ program: 'nginx', package: 'nginx', looked: nginx.looked });
  if ('looked' in java) missing.push({ program: 'java', package: 'openjdk-17-jdk-headless', looked: java.looked });
  if ('looked' in tomcat) missing.push({ program: 'tomcat', package: 'tomcat10', looked: tomcat.looked });
  if ('looked' in redis) missing.push({ program: 'redis', package: 'redis-server', looked: redis.looked });
  return { missing };
}

function findRedis(choice: ProgramChoice): { found: RedisProgram } | { looked: string[] } {
  return firstOf(choice.redis === undefined ? onPath(['redis-server', 'valkey-server']) : [choice.redis], redisAt);
}

/** What was found at a path, or in words why it will not do. */
type Trial<Found> = { readonly found: Found } | { readonly wrong: string };

function firstOf<Found>(candidates: readonly string[], at: (path: string) => Trial<Found>): { found: Found } | { looked: string[] } {
  const looked: string[] = [];
  for (const path of candidates) {
    const trial = existsSync(path) ? at(path) : { wrong: '' };
    if ('found' in trial) return trial;
    looked.push(trial.wrong === '' ? path : `${path}: ${trial.wrong}`);
  }
  return { looked };
}

function onPath(names: readonly string[]): readonly string[] {
  const folders = [...new Set([...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...ALSO])];
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function nginxAt(path: string): Trial<Programs['nginx']> {
  const said = sayings(path, ['-V']);
  const version = /nginx version: \S+?\/(\S+)/.exec(said)?.[1];
  if (version === undefined) return { wrong: `\`-V\` shows no version: ${firstLine(said)}` };
  // Without it nobody but the generator's own addresses can be told apart.
  if (!said.includes('--with-http_realip_module')) return { wrong: `nginx ${version} was built without http_realip_module` };
  return { found: { path, version, jvmRoute: /--add-module=\S*jvm[_-]route/.test(said) } };
}

/** Of the links in /usr/bin, java and javac may lead to different JDKs: so first the java beside the javac itself. */
function javaAt(compiler: string): Trial<Programs['java']> {
  const path = [join(dirname(realpathSync(compiler)), 'java'), join(dirname(compiler), 'java')].find((one) => existsSync(one));
  if (path === undefined) return { wrong: 'there is no java beside it' };
  const said = sayings(path, ['-version']);
  const version = /version "([^"]+)"/.exec(said)?.[1];
  return version === undefined
    ? { wrong: `\`java -version\` shows no version: ${firstLine(said)}` }
    : { found: { path, compiler, version } };
}

function compilers(choice: string | undefined): readonly string[] {
  if (choice !== undefined) {
    const launcher = existsSync(choice) && statSync(choice).isFile();
    return launcher ? [join(dirname(choice), 'javac'), join(dirname(realpathSync(choice)), 'javac')] : [join(choice, 'bin', 'javac')];
  }
  const home = process.env['JAVA_HOME'];
  return [...(home === undefined || home === '' ? [] : [join(home, 'bin', 'javac')]), ...onPath(['javac'])];
}

function tomcatAt(home: string): Trial<Programs['tomcat']> {
  for (const part of ['bin/bootstrap.jar', 'bin/tomcat-juli.jar', 'lib/catalina.jar']) {
    if (!existsSync(join(home, part))) return { wrong: `no ${part} in it` };
  }
  const version = tomcatVersion(join(home, 'lib/catalina.jar'));
  if (version === null) return { wrong: 'its lib/catalina.jar shows no version' };
  if (Number.parseInt(version, 10) < OLDEST_TOMCAT) return { wrong: `Tomcat ${version}; ${OLDEST_TOMCAT} or later is needed` };
  return { found: { home, version } };
}

function tomcatHomes(): readonly string[] {
  const home = process.env['CATALINA_HOME'];
  return [...(home === undefined || home === '' ? [] : [home]), ...TOMCAT_HOMES];
}

function redisAt(path: string): Trial<RedisProgram> {
  const said = sayings(path, ['--version']);
  const version = /\bv=(\S+)/.exec(said)?.[1];
  return version === undefined ? { wrong: `\`--version\` shows no version: ${firstLine(said)}` } : { found: { path, version } };
}

function sayings(path: string, args: readonly string[]): string {
  const result = spawnSync(path, args, { encoding: 'utf8', timeout: 10_000 });
  return result.error === undefined ? `${result.stdout}${result.stderr}` : result.error.message;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
