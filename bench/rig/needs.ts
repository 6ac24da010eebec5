// Brings what the comparison needs: programs from Debian's packages, artillery from npm into this folder only.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './root.ts';

/** Program to the Debian package it comes in. */
const PACKAGES: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  taskset: 'util-linux',
  openssl: 'openssl',
  wrk: 'wrk',
  hey: 'hey',
  ab: 'apache2-utils',
  h2load: 'nghttp2-client',
};

const POLICY = '/usr/sbin/policy-rc.d';
const BENCH = join(ROOT, 'bench');

/** Installs those of the programs that are missing and can be had, and returns those that still are, each with the reason. */
export function bring(programs: readonly string[], install: boolean): ReadonlyMap<string, string> {
  const missing = programs.filter((program) => !isThere(program));
  if (install) installMissing(missing);
  return new Map(missing.filter((program) => !isThere(program)).map((program) => [program, whyMissing(program, install)]));
}

function isThere(program: string): boolean {
  return program === 'artillery' ? existsSync(join(BENCH, 'node_modules/artillery/bin/run')) : onPath(program);
}

/** Daemons live in /usr/sbin, which is not on everybody's PATH. */
function onPath(program: string): boolean {
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function installMissing(missing: readonly string[]): void {
  const packages = [...new Set(missing.flatMap((program) => PACKAGES[program] ?? []))];
  if (packages.length > 0 && canInstall()) installPackages(packages);
  if (missing.includes('artillery')) installArtillery();
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Debian starts a service as soon as it is installed, unless policy-rc.d says no. */
function installPackages(packages: readonly string[]): void {
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    run('apt-get', ['update', '-q'], {});
    run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], {});
  } finally {
    if (ownPolicy) rmSync(POLICY, { force: true });
  }
}

/** 590 MB, without the browsers and helpers that its parts would fetch for themselves. */
function installArtillery(): void {
  run('npm', ['ci', '--ignore-scripts', '--prefix', BENCH], { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' });
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): void {
  process.stderr.write(`${command} ${args.join(' ')}\n`);
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: BENCH,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...env },
  });
  if (done.status !== 0) process.stderr.write(`${done.stdout}${done.stderr}\n`);
}

function whyMissing(program: string, install: boolean): string {
  const remedy = program === 'artillery' ? 'npm ci --prefix bench' : `apt-get install ${PACKAGES[program] ?? program}`;
  if (!install) return `not installed, and not to be (--no-install); ${remedy}`;
  return program === 'artillery' || canInstall() ? `could not be installed; ${remedy}` : `not installed; as root: ${remedy}`;
}
