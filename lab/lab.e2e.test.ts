import { describe, expect, it } from 'vitest';
import { describeReal } from '../test/setup/real-lab.ts';
import { planFor, visitor } from './fixtures/visitor.ts';
import { startLab } from './lab.ts';
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
