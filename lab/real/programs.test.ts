import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fakes, NGINX } from './fixtures/fakes.ts';
import { findPrograms } from './programs.ts';

const root = mkdtempSync(join(tmpdir(), 'programs-'));
afterAll(() => rmSync(root, { recursive: true }));

const { program, file, tomcat, choice } = fakes(root);

/** What is said of the only program that is missing. */
function lookedFor(search: ReturnType<typeof findPrograms>): readonly string[] {
  if ('found' in search) throw new Error('all were found');
  expect(search.missing.length).toBe(1);
  return search.missing[0]!.looked.map((text) => text.replaceAll(root, '.'));
}

describe('the programs of the real lab', () => {
  beforeEach(() => rmSync(root, { recursive: true, force: true }));

  it('are taken where the user says, with the versions they tell', () => {
    const chosen = choice();
    expect(findPrograms(chosen)).toEqual({
      found: {
        nginx: { path: chosen.nginx, version: '1.22.1', jvmRoute: false },
        java: { path: join(root, 'jdk/bin/java'), compiler: join(root, 'jdk/bin/javac'), version: '17.0.21.1' },
        tomcat: { home: chosen.tomcat, version: '10.1.60' },
        redis: { path: chosen.redis, version: '7.0.15' },
      },
    });
  });

  it('do not include Redis where sessions are not shared', () => {
    const chosen = { ...choice(), redis: join(root, 'nowhere') };
    expect(findPrograms(chosen, 'memory')).toMatchObject({ found: { nginx: { path: chosen.nginx }, redis: null } });
    expect(lookedFor(findPrograms(chosen, 'shared'))).toEqual(['./nowhere']);
  });

  it('may be Valkey', () => {
    const valkey = program('valkey-server', 'Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1');
    expect(findPrograms({ ...choice(), redis: valkey })).toMatchObject({ found: { redis: { path: valkey, version: '8.0.1' } } });
  });

  it('show the jvm_route module of nginx', () => {
    const nginx = program('nginx', `${NGINX} --add-module=/src/nginx-upstream-jvm-route`);
    expect(findPrograms({ ...choice(), nginx: program('tengine', `${NGINX} --add-module=../nginx_upstream_jvm_route`) })).toMatchObject({
      found: { nginx: { jvmRoute: true } },
    });
    expect(nginx).toBe(join(root, 'nginx'));
  });

  it('include a javac beside the launcher, also behind a link', () => {
    const chosen = choice();
    mkdirSync(join(root, 'links'));
    symlinkSync(join(root, 'jdk/bin/java'), join(root, 'links/java'));
    expect(findPrograms({ ...chosen, java: join(root, 'links/java') })).toMatchObject({
      found: { java: { path: join(root, 'jdk/bin/java'), compiler: join(root, 'jdk/bin/javac') } },
    });
  });

  it('that are missing are named all at once, with package and places', () => {
    const nowhere = join(root, 'nowhere');
    expect(findPrograms({ nginx: nowhere, java: nowhere, tomcat: nowhere, redis: nowhere })).toEqual({
      missing: [
        { program: 'nginx', package: 'nginx', looked: [nowhere] },
        { program: 'java', package: 'openjdk-17-jdk-headless', looked: [join(nowhere, 'bin/javac')] },
        { program: 'tomcat', package: 'tomcat10', looked: [nowhere] },
        { program: 'redis', package: 'redis-server', looked: [nowhere] },
      ],
    });
  });

  it('do not include a Tomcat from before jakarta.servlet', () => {
    const search = findPrograms({ ...choice(), tomcat: tomcat('old', '9.0.98') });
    expect(lookedFor(search)).toEqual(['./old: Tomcat 9.0.98; 10 or later is needed']);
  });

  it('do not include half a Tomcat', () => {
    file('half/bin/bootstrap.jar', '');
    expect(lookedFor(findPrograms({ ...choice(), tomcat: join(root, 'half') }))).toEqual(['./half: no bin/tomcat-juli.jar in it']);
  });

  it('do not include an nginx that cannot tell clients apart', () => {
    const nginx = program('bare', 'nginx version: nginx/1.25.0\nconfigure arguments: --without-http_gzip_module');
    expect(lookedFor(findPrograms({ ...choice(), nginx }))).toEqual(['./bare: nginx 1.25.0 was built without http_realip_module']);
  });

  it('do not include a program that is something else', () => {
    const redis = program('impostor', 'usage: impostor [-x]');
    expect(lookedFor(findPrograms({ ...choice(), redis }))).toEqual(['./impostor: `--version` shows no version: usage: impostor [-x]']);
  });
});
