// Before any test: the build that child processes run from, the servers that the real lab needs, and wrk, which the benchmark compares with.

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findPrograms } from '../../lab/real/programs.ts';

const PACKAGES = ['nginx', 'tomcat10', 'openjdk-17-jdk-headless', 'redis-server', 'openssl', 'wrk'];
const POLICY = '/usr/sbin/policy-rc.d';

/** Runs once per vitest process, however many projects name it. */
export function setup(): void {
  if (process.env['STICKYBENCH_TEST_SETUP'] === 'done') return;
  process.env['STICKYBENCH_TEST_SETUP'] = 'done';
  run('npm', ['run', 'build']);
  if (somethingMissing() && canInstall()) installPackages();
}

function somethingMissing(): boolean {
  return 'missing' in findPrograms({}) || spawnSync('wrk', ['-v']).error !== undefined;
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Debian starts a service as soon as it is installed, unless policy-rc.d says no. The tests want the programs, not the services. */
function installPackages(): void {
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    run('apt-get', ['update', '-q']);
    run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...PACKAGES]);
  } catch (error) {
    process.stderr.write(`could not install ${PACKAGES.join(', ')}: ${String(error)}\n`);
  } finally {
    if (ownPolicy) rmSync(POLICY, { force: true });
  }
}

function run(command: string, args: readonly string[]): void {
  const result = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
}
