import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeReal } from '../test/setup/real-lab.ts';
import { planFor, visitor } from './fixtures/visitor.ts';
import { startLab } from './lab.ts';
import { inspect } from './processes/proc.ts';
import { fakes } from './real/fixtures/fakes.ts';
import { programsHere } from './real/fixtures/programs.ts';

/** Programs that surely are not there. */
const NOWHERE = { nginx: '/nowhere/nginx', redis: '/nowhere/redis-server' };

describe('the choice of a lab', () => {
  it('is the embedded one when programs of the real one are missing, and says which', async () => {
    const programs = { ...NOWHERE, java: '/nowhere/java', tomcat: '/nowhere' };
    const lab = await startLab(planFor('redis_session'), { lab: 'auto', programs });
    await lab.stop();
    expect([lab.kind, lab.reason]).toEqual(['embedded', 'for a real lab nginx, java, tomcat and redis are not here']);
  });

  it('asks for Redis only where sessions are shared', async () => {
    const programs = { ...NOWHERE, java: '/nowhere/java', tomcat: '/nowhere' };
    const lab = await startLab(planFor('ip_hash'), { lab: 'auto', programs });
    await lab.stop();
    expect([lab.kind, lab.reason]).toEqual(['embedded', 'for a real lab nginx, java and tomcat are not here']);
  });

  it('fails when the real one is insisted on, and names what is missing, where it was looked for, and the packages', async () => {
    const programs = { ...NOWHERE, java: '/nowhere/java', tomcat: '/nowhere' };
    await expect(startLab(planFor('jvm_route_redis'), { lab: 'real', programs })).rejects.toMatchObject({
      code: 'PROGRAM_MISSING',
      message: expect.stringContaining('nginx, looked for at:\n  /nowhere/nginx\n'),
      hint:
        'Debian: apt-get install nginx openjdk-17-jdk-headless tomcat10 redis-server. ' +
        'Or name it (--nginx, --java, --tomcat, --redis), or take --lab embedded.',
    });
  });
});

describeReal('a real lab without Redis', () => {
  it('is had for every strategy that keeps sessions in memory', async () => {
    const { nginx, tomcat, java } = programsHere();
    const lab = await startLab(planFor('ip_hash'), { lab: 'auto', programs: { redis: NOWHERE.redis } });
    const seen = await visitor(lab.url).ask('POST', '/visit');
    await lab.stop();
    expect({ kind: lab.kind, reason: lab.reason, versions: lab.versions, status: seen.status }).toEqual({
      kind: 'real',
      reason: `nginx ${nginx.version}, Tomcat ${tomcat.version} and Java ${java.version} are all here`,
      versions: { nginx: nginx.version, tomcat: tomcat.version, java: java.version },
      status: 200,
    });
  });
});

describe('a lab that is interrupted while it starts', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
    vi.stubEnv('XDG_CACHE_HOME', join(root, 'cache')).stubEnv('TMPDIR', root);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true });
  });

  it('ends at once, with all its processes and files, and says why', async () => {
    const pids = join(root, 'pids');
    const stuck = `echo $$ >> ${pids}\nexec sleep 600\n`;
    const interrupted = new AbortController();
    const programs = fakes(root).choice(stuck);
    const starting = startLab(planFor('redis_session'), { lab: 'real', programs }, interrupted.signal);
    const started = () => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : []);
    // javac and Redis, neither of which will ever be done.
    await expect.poll(() => started().length, { timeout: 10_000 }).toBe(2);
    interrupted.abort(new Error('Ctrl-C'));
    await expect(starting).rejects.toThrow('Ctrl-C');
    expect(started().map(inspect)).toEqual([null, null]);
    expect(readdirSync(join(root, `stickybench-${userInfo().uid}`))).toEqual([]);
    expect(readdirSync(join(root, 'cache', 'stickybench'))).toEqual([]);
  });

  it('does not start when that was before', async () => {
    const starting = startLab(planFor('ip_hash'), { lab: 'embedded', programs: {} }, AbortSignal.abort());
    await expect(starting).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(join(root, `stickybench-${userInfo().uid}`))).toBe(false);
  });
});
