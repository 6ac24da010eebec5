import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jarWith } from '../fixtures/jar.ts';
import { tomcatVersion } from './version.ts';

const folder = mkdtempSync(join(tmpdir(), 'version-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ENTRY = 'org/apache/catalina/util/ServerInfo.properties';
const TEXT = '# licence\nserver.info=Apache Tomcat/10.1.60 (Debian)\nserver.number=10.1.60.0\n';

function jar(bytes: Buffer): string {
  const path = join(folder, 'catalina.jar');
  writeFileSync(path, bytes);
  return path;
}

describe('the version of Tomcat', () => {
  it.each([true, false])('is read from its jar (entries compressed: %s)', (compressed) => {
    expect(tomcatVersion(jar(jarWith({ 'META-INF/': '', 'a.txt': 'other', [ENTRY]: TEXT }, compressed)))).toBe('10.1.60');
  });

  it('is unknown for a jar that does not tell', () => {
    expect(tomcatVersion(jar(jarWith({ 'a.txt': TEXT }, true)))).toBeNull();
    expect(tomcatVersion(jar(jarWith({ [ENTRY]: 'server.info=Jetty' }, true)))).toBeNull();
  });

  it('is unknown for what is no jar', () => {
    expect(tomcatVersion(jar(Buffer.from('no zip at all')))).toBeNull();
    expect(tomcatVersion(jar(jarWith({ [ENTRY]: TEXT }, true).subarray(40)))).toBeNull();
    expect(tomcatVersion(join(folder, 'nothing'))).toBeNull();
  });
});
