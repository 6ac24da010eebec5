import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder, stickybench } from './stickybench.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

/** The fenced blocks of one language. */
function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , body]) => (body ?? '').trim());
}

/** Lines that call stickybench, without their comments. */
function calls(text: string): readonly string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('stickybench '));
  return lines.map((line) => (line.split(/ {2,}/)[0] ?? '').split(' ').slice(1));
}

describe("the README's two commands", () => {
  const [first = '', second = ''] = blocks(read('README.md'), 'bash');

  it('do the set-up themselves, and are all there is', () => {
    expect(blocks(read('README.md'), 'bash')).toEqual(['npm install && npx stickybench run jvm_route.yml', 'npm install && npm test']);
    expect(read('.ci/run')).toContain(`\n${second}\n`);
    expect(blocks(read('docs/01-first-run.md'), 'bash')[0]).toBe(first);
  });

  it('the first passes in the checkout', () => {
    const command = first.replace('npm install && ', '');
    const stdout = execFileSync('bash', ['-c', `${command} --quiet --out "$0"`, emptyFolder()], { cwd: ROOT, encoding: 'utf8' });
    expect(stdout.split('\n')[0]).toBe('PASS  jvm_route');
  });
});

describe('the examples', () => {
  it('of commands in the README name commands that there are', async () => {
    const found = calls(blocks(read('README.md'), '').join('\n'));
    expect(found.map(([name]) => name)).toEqual(['run', 'analyze', 'show', 'check', 'lab']);
    for (const words of found) {
      const command = words.filter((word) => /^[a-z]+$/.test(word));
      const { code, stdout } = await stickybench([...command, '--help'], emptyFolder());
      expect(code).toBe(0);
      expect(stdout).toContain(`stickybench ${command.join(' ')}`);
    }
  });

  it('of the first chapter run bundled workloads and labs that there are', async () => {
    const found = calls(blocks(read('docs/01-first-run.md'), 'bash').join('\n'));
    const bundled = found.filter(([name, , option]) => name === 'run' && option === undefined).map(([, file]) => file ?? '');
    expect(bundled).toEqual(['ip_hash.yml', 'ip_hash_roaming.yml', 'redis_session.yml']);
    for (const file of bundled) expect((await stickybench(['check', file], emptyFolder())).code).toBe(0);
    expect(found.filter(([name]) => name === 'lab')).toEqual([['lab', 'up', 'jvm_route']]);
  });

  it('of the second chapter is a workload without problems', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'staging.yml'), blocks(read('docs/02-your-own-deployment.md'), 'yaml')[0] ?? '');
    expect(await stickybench(['check', 'staging.yml'], cwd)).toEqual({ code: 0, stdout: 'staging.yml: no problems\n', stderr: '' });
  });
});
