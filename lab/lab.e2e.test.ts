import { describe, expect, it } from 'vitest';
import { planFor } from './fixtures/visitor.ts';
import { startLab } from './lab.ts';

/** Programs that surely are not there. */
const NOWHERE = { nginx: '/nowhere/nginx', redis: '/nowhere/redis-server' };

describe('the choice of a lab', () => {
  it('is the embedded one when programs of the real one are missing, and says which', async () => {
    const lab = await startLab(planFor('round_robin'), {
      lab: 'auto',
      programs: { ...NOWHERE, java: '/nowhere/java', tomcat: '/nowhere' },
    });
    await lab.stop();
    expect([lab.kind, lab.reason]).toEqual(['embedded', 'for a real lab nginx, java, tomcat and redis are not here']);
  });

  it('fails when the real one is insisted on, and names what is missing, where it was looked for, and the packages', async () => {
    const programs = { ...NOWHERE, java: '/nowhere/java', tomcat: '/nowhere' };
    await expect(startLab(planFor('round_robin'), { lab: 'real', programs })).rejects.toMatchObject({
      code: 'PROGRAM_MISSING',
      message: expect.stringContaining('nginx, looked for at:\n  /nowhere/nginx\n'),
      hint:
        'Debian: apt-get install nginx openjdk-17-jdk-headless tomcat10 redis-server. ' +
        'Or name it (--nginx, --java, --tomcat, --redis), or take --lab embedded.',
    });
  });
});
