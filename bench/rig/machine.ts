// What the comparison runs on: machine, system, and the version of everything that takes part.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  readonly kernel: string;
}

export function thisMachine(): Machine {
  const name = /^PRETTY_NAME="?(.*?)"?$/m.exec(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '')?.[1];
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory: totalmem(),
    system: name ?? process.platform,
    kernel: release(),
  };
}

/** Programs that are not there, or do not tell their version, are left out. */
export function versions(): Readonly<Record<string, string>> {
  const found: Readonly<Record<string, string | null>> = {
    stickybench: ours(),
    node: process.versions.node,
    nginx: told('nginx', ['-v'], /nginx\/(\S+)/),
    wrk: told('wrk', ['-v'], /^wrk (\S+)/),
    ab: told('ab', ['-V'], /Version (\S+)/),
    h2load: told('h2load', ['--version'], /nghttp2\/(\S+)/),
    hey: told('dpkg-query', ['-W', 'hey'], /^hey\t(\S+)/),
    openssl: told('openssl', ['version'], /^OpenSSL (\S+)/),
    autocannon: packaged(join(ROOT, 'node_modules/autocannon')),
    artillery: packaged(join(ROOT, 'bench/node_modules/artillery')),
  };
  return Object.fromEntries(Object.entries(found).flatMap(([name, version]) => (version === null ? [] : [[name, version]])));
}

/** The package's version, and the commit it is at where git tells. */
function ours(): string | null {
  const commit = told('git', ['-C', ROOT, 'describe', '--always', '--dirty'], /^(\S+)/);
  const version = packaged(ROOT);
  return version === null || commit === null ? version : `${version} (${commit})`;
}

function packaged(folder: string): string | null {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return null;
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
  return version ?? null;
}

/** What a program prints when asked, on either stream and whatever its exit code. */
function told(program: string, args: readonly string[], form: RegExp): string | null {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return form.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1] ?? null;
}
