import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { copyDisguised, disguiseLog } from './access-log.ts';

const KEY = Buffer.from('key');
const A = '0123456789ABCDEF0123456789ABCDEF';
const B = 'FEDCBA9876543210FEDCBA9876543210';

const line = (ck: string, setck: string, path = '/visit') =>
  `1700000000.123 127.0.0.1 "GET ${path} HTTP/1.1" 200 up="127.0.0.1:8081" ust="200" ck="${ck}" setck="${setck}"\n`;

/** Hashes as letters, in the order in which they come. */
function lettered(text: string): string {
  const seen = new Map<string, string>();
  return text.replaceAll(/(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])/g, (hash) => {
    if (!seen.has(hash)) seen.set(hash, `<${String.fromCharCode(97 + seen.size)}>`);
    return seen.get(hash) ?? '';
  });
}

describe('disguiseLog', () => {
  it('hides ids, keeps routes, and lets equal ids be equal', () => {
    const log = line('-', `${A}.tomcat01`) + line(`${A}.tomcat01`, `${B}.tomcat02`) + line(`${B}.tomcat02`, '-') + line(A, '');
    expect(lettered(disguiseLog(log, KEY))).toBe(
      line('-', '<a>.tomcat01') + line('<a>.tomcat01', '<b>.tomcat02') + line('<b>.tomcat02', '-') + line('<a>', ''),
    );
  });

  it('hides cookies that Tomcat did not make', () => {
    expect(lettered(disguiseLog(line('a\\x22b\\x5Cc.tomcat01', 'secret') + line('x.y.z', '.t'), KEY))).toBe(
      line('<a>.tomcat01', '<b>') + line('<c>.z', '.t'),
    );
  });

  it('hides ids in addresses and in messages', () => {
    const log = `${line(`${A}.t1`, '-', `/visit;jsessionid=${A}.t1?x=1`)}session ${B}.t2 in Redis cannot be read\n`;
    expect(lettered(disguiseLog(log, KEY))).toBe(
      `${line('<a>.t1', '-', '/visit;jsessionid=<a>.t1?x=1')}session <b>.t2 in Redis cannot be read\n`,
    );
  });

  it('leaves everything else', () => {
    const log = `${line('-', '-', '/x?y=0123456789abcdef')}digest ${A}${B}\n\n`;
    expect(disguiseLog(log, KEY)).toBe(log);
  });
});

describe('copyDisguised', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];

  it('hides the same ids in files of any length, wherever they are read in pieces', () => {
    const count = Math.ceil(2_500_000 / line(`${A}.t1`, '-').length);
    writeFileSync(from, line(`${A}.t1`, '-').repeat(count));
    copyDisguised(from, to);
    expect(lettered(readFileSync(to, 'utf8'))).toBe(line('<a>.t1', '-').repeat(count));
  });

  it('takes another key each time', () => {
    writeFileSync(from, line(`${A}.t1`, '-'));
    const copies = [1, 2].map(() => {
      copyDisguised(from, to);
      return readFileSync(to, 'utf8');
    });
    expect(copies.map(lettered)).toEqual([line('<a>.t1', '-'), line('<a>.t1', '-')]);
    expect(lettered(copies.join(''))).toBe(line('<a>.t1', '-') + line('<b>.t1', '-'));
  });

  it('keeps every other byte, and a last line without an end', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xc3]), Buffer.from('ä\nhalf a line')]);
    writeFileSync(from, bytes);
    copyDisguised(from, to);
    expect(readFileSync(to)).toEqual(bytes);
  });
});
