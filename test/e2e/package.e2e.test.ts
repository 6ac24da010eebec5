import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './stickybench.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const npm = (args: readonly string[], cwd: string) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 });

describe('the package', () => {
  it('installs from its tarball into an empty folder and does the main job there', () => {
    const cwd = emptyFolder();
    npm(['pack', '--ignore-scripts', '--pack-destination', cwd], ROOT);
    const tarball = readdirSync(cwd).find((name) => name.endsWith('.tgz')) ?? '';
    npm(['install', '--prefer-offline', '--no-package-lock', `./${tarball}`], cwd);
    const stdout = execFileSync('npx', ['stickybench', 'run', 'jvm_route.yml', '--lab', 'embedded', '--quiet'], { cwd, encoding: 'utf8' });
    expect(stdout.split('\n')[0]).toBe('PASS  jvm_route');
    const exported = "import('stickybench').then((all) => console.log(Object.keys(all).sort().join(' ')))";
    expect(execFileSync('node', ['-e', exported], { cwd, encoding: 'utf8' }).trim()).toBe(
      'ANALYZERS CATALOGUE ERRORS STRATEGIES StickyError createRecord fold leftOut loadWorkload makeReport readRecord reportText runInWorkers runWorkload startLab',
    );
  });

  it('carries no address of a registry in its lock file', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });

  it('says the right things about itself', () => {
    expect(execFileSync('npx', ['publint', '--strict'], { cwd: ROOT, encoding: 'utf8' })).toContain('All good!');
  });
});
