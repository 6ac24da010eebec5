import { describe, expect, it } from 'vitest';
import { accessLine } from './access-log.ts';

const served = {
  at: 1_700_000_000_123,
  client: '192.0.2.1',
  method: 'GET',
  url: '/visit',
  version: '1.1',
  status: 200,
  attempts: [{ address: '127.0.0.1:8081', status: 200 }],
  cookies: '',
  setCookies: [],
};

describe('accessLine', () => {
  it('shows a dash for what there is not', () => {
    expect(accessLine(served)).toBe('1700000000.123 192.0.2.1 "GET /visit HTTP/1.1" 200 up="127.0.0.1:8081" ust="200" ck="-" setck="-"\n');
  });

  it('shows what is empty as empty', () => {
    expect(accessLine({ ...served, cookies: 'JSESSIONID=', setCookies: ['JSESSIONID=; Max-Age=0'] })).toBe(
      '1700000000.123 192.0.2.1 "GET /visit HTTP/1.1" 200 up="127.0.0.1:8081" ust="200" ck="" setck=""\n',
    );
  });

  it('lists every attempt, the session that came and the one that was set', () => {
    const attempts = [
      { address: '127.0.0.1:8081', status: 502 },
      { address: 'backends', status: null },
    ];
    const line = accessLine({ ...served, attempts, cookies: 'JSESSIONID=1.a', setCookies: ['x=1', 'JSESSIONID=2.b; Path=/; HttpOnly'] });
    expect(line).toBe(
      '1700000000.123 192.0.2.1 "GET /visit HTTP/1.1" 200 up="127.0.0.1:8081, backends" ust="502, -" ck="1.a" setck="2.b"\n',
    );
  });

  it('hides quotes and backslashes, so that a line can be taken apart', () => {
    expect(accessLine({ ...served, url: '/"\\' })).toContain('"GET /\\x22\\x5C HTTP/1.1"');
  });
});
