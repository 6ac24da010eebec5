import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeReal } from '../../../test/setup/real-lab.ts';
import { appConformance } from '../../app.conformance.ts';
import { inspect } from '../../processes/proc.ts';
import { createSupervisor, type Supervisor } from '../../processes/supervisor.ts';
import { programsHere } from '../fixtures/programs.ts';
import { compileJava } from './compile.ts';
import { startTomcat } from './node.ts';

describeReal('Tomcat', () => {
  let supervisor: Supervisor;
  const port = { tomcat01: 0, hasty: 0 };

  beforeAll(async () => {
    supervisor = await createSupervisor();
    const compiled = await compileJava(programsHere(), supervisor);
    const store = { kind: 'memory' } as const;
    [port.tomcat01, port.hasty] = await Promise.all([
      startTomcat(supervisor, programsHere(), { name: 'tomcat01', idleSeconds: 1800, store, ...compiled }),
      startTomcat(supervisor, programsHere(), { name: 'hasty', idleSeconds: 1, store, ...compiled }),
    ]);
  });
  afterAll(() => supervisor.stopAll());

  describe('with sessions in its memory', () => appConformance(() => ({ name: 'tomcat01', url: `http://127.0.0.1:${port.tomcat01}` })));

  it('forgets a session after an idle time given in seconds', async () => {
    const url = `http://127.0.0.1:${port.hasty}/visit`;
    const first = await fetch(url);
    const id = first.headers.get('Sticky-Session');
    // Each look renews the session, so each waits longer than the last.
    for (let wait = 500; ; wait += 500) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const again = await fetch(url, { headers: { Cookie: `JSESSIONID=${id}` } });
      if (again.headers.get('Sticky-New') === '1') break;
      expect(wait).toBeLessThan(5_000);
    }
  });

  it('is the JVM itself, so that SIGTERM ends it in order', async () => {
    const child = supervisor.children.get('hasty');
    child?.signal('SIGTERM');
    expect(await child?.exited).toEqual({ code: 143, signal: null });
  });

  it('that does not start says why in its own words', async () => {
    const plan = { name: 'broken', idleSeconds: 1, store: { kind: 'memory' } as const, webapp: '/nowhere', managerClasses: '/nowhere' };
    await expect(startTomcat(supervisor, programsHere(), plan)).rejects.toMatchObject({
      code: 'LAB_NOT_READY',
      message: expect.stringMatching(/^broken exited with code \d+ before it was ready\. Its log ends:\n.*\/nowhere/s),
    });
  });

  it('that runs without its application is not taken for ready', async () => {
    const plan = {
      name: 'empty',
      idleSeconds: 1,
      store: { kind: 'memory' } as const,
      webapp: supervisor.folder,
      managerClasses: '/nowhere',
    };
    await expect(startTomcat(supervisor, programsHere(), plan)).rejects.toMatchObject({
      code: 'LAB_NOT_READY',
      message: expect.stringMatching(/^empty runs, but without the application\. Its log ends:\n/),
    });
  });
});

describeReal('compiling the Java sources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compile-'));
  const lab = { folder, stopping: new AbortController().signal };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('by several labs at once leaves one whole result', async () => {
    const cache = join(folder, 'cache');
    const all = await Promise.all([1, 2, 3].map(() => compileJava(programsHere(), lab, cache)));
    expect(new Set(all.map((one) => one.webapp)).size).toBe(1);
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^java-[0-9a-f]{24}$/)]);
    expect(readdirSync(join(all[0]!.webapp, 'WEB-INF', 'classes', 'stickybench', 'app')).sort()).toEqual([
      'IdleTimeout.class',
      'PageServlet.class',
    ]);
    expect(readdirSync(join(all[0]!.managerClasses, 'stickybench', 'redis')).sort()).toEqual([
      'RedisConnection.class',
      'RedisException.class',
      'RedisPool.class',
      'RedisSession.class',
      'RedisSessionManager.class',
      'RedisSessionValve.class',
    ]);
  });

  it('does without a cache that cannot be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const compiled = await compileJava(programsHere(), lab, join(file, 'cache'));
    expect(compiled.webapp.startsWith(join(folder, 'java-'))).toBe(true);
  });

  it('ends with the lab and leaves nothing behind', async () => {
    const [cache, told] = [join(folder, 'stopping'), join(folder, 'pid')];
    const compiler = join(folder, 'slow-javac');
    writeFileSync(compiler, `#!/bin/sh\necho $$ > ${told}.new && mv ${told}.new ${told}\nexec sleep 600\n`);
    chmodSync(compiler, 0o755);
    const found = programsHere();
    const stop = new AbortController();
    const compiling = compileJava({ ...found, java: { ...found.java, compiler } }, { folder, stopping: stop.signal }, cache);
    await expect.poll(() => existsSync(told), { timeout: 10_000 }).toBe(true);
    stop.abort();
    await expect(compiling).rejects.toMatchObject({ name: 'AbortError' });
    expect([inspect(Number(readFileSync(told, 'utf8'))), readdirSync(cache)]).toEqual([null, []]);
  });

  it('that fails shows what javac said and leaves nothing behind', async () => {
    const cache = join(folder, 'failing');
    const compiler = join(folder, 'javac');
    writeFileSync(compiler, '#!/bin/sh\necho "PageServlet.java:1: error: no" >&2\nexit 1\n');
    chmodSync(compiler, 0o755);
    const found = programsHere();
    await expect(compileJava({ ...found, java: { ...found.java, compiler, version: '0' } }, lab, cache)).rejects.toMatchObject({
      code: 'COMPILE_FAILED',
      message: expect.stringContaining('PageServlet.java:1: error: no'),
    });
    expect(readdirSync(cache)).toEqual([]);
  });
});
