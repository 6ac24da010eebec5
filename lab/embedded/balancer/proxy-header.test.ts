import { describe, expect, it } from 'vitest';
import { readProxyHeader } from './proxy-header.ts';

const text = (line: string) => Buffer.from(line, 'latin1');
const SIGNATURE = '0d0a0d0a000d0a515549540a';
const binary = (hex: string, rest = '') => Buffer.concat([Buffer.from(SIGNATURE + hex, 'hex'), text(rest)]);
const FOUR = binary('2111000c' + 'c0000201' + '7f000001' + '1234' + '0050', 'GET');
const SIX = binary(`21210024${'20010db8000000000000000000000001'}${'0'.repeat(31)}112340050`);

describe('readProxyHeader', () => {
  it('reads version 1', () => {
    expect(readProxyHeader(text('PROXY TCP4 192.0.2.1 127.0.0.1 4660 80\r\nGET / '))).toEqual({ bytes: 40, source: '192.0.2.1' });
    expect(readProxyHeader(text('PROXY TCP6 2001:db8::1 ::1 4660 80\r\n'))).toEqual({ bytes: 36, source: '2001:db8::1' });
    expect(readProxyHeader(text('PROXY UNKNOWN\r\n'))).toEqual({ bytes: 15, source: null });
  });

  it('reads version 2', () => {
    expect(readProxyHeader(FOUR)).toEqual({ bytes: 28, source: '192.0.2.1' });
    expect(readProxyHeader(SIX)).toEqual({ bytes: 52, source: '2001:0db8:0000:0000:0000:0000:0000:0001' });
    expect(readProxyHeader(binary('20000000'))).toEqual({ bytes: 16, source: null });
  });

  it.each([
    ['version 1', text('PROXY TCP4 192.0.2.1 127.0.0.1 4660 80\r\n')],
    ['version 2', FOUR.subarray(0, 28)],
  ])('asks for more until all of it is here: %s', (_, whole) => {
    const short = Array.from({ length: whole.length }, (_, length) => readProxyHeader(whole.subarray(0, length)));
    expect(new Set(short)).toEqual(new Set(['more']));
  });

  it('refuses what is none', () => {
    expect([
      readProxyHeader(text('GET / HTTP/1.1\r\n')),
      readProxyHeader(text(`PROXY ${'x'.repeat(110)}`)),
      readProxyHeader(binary('31110000')),
    ]).toEqual(['bad', 'bad', 'bad']);
  });
});
