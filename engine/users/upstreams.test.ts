import { describe, expect, it } from 'vitest';
import { createUpstreams } from './upstreams.ts';

const upstreams = createUpstreams({ '127.0.0.1:8081': 'tomcat01', '127.0.0.1:8082': 'tomcat02' }, ['tomcat01', 'tomcat02', 'spare']);

describe('the backends of an answer', () => {
  it('have the names of the workload, or their own', () => {
    expect(['127.0.0.1:8081', 'spare', '10.0.0.1:80'].map(upstreams.names.read)).toEqual(['tomcat01', 'spare', '10.0.0.1:80']);
  });

  it('are listed in the order they were tried', () => {
    expect(upstreams.paths.read('127.0.0.1:8081')).toEqual(['tomcat01']);
    expect(upstreams.paths.read('127.0.0.1:8081, 127.0.0.1:8082')).toEqual(['tomcat01', 'tomcat02']);
    expect(upstreams.paths.read('127.0.0.1:8081, 127.0.0.1:8082 : 127.0.0.1:8082')).toEqual(['tomcat01', 'tomcat02', 'tomcat02']);
    expect(upstreams.paths.read('[2001:db8::1]:8080, unix:/run/app.sock, 10.0.0.1')).toEqual([
      '[2001:db8::1]:8080',
      'unix:/run/app.sock',
      '10.0.0.1',
    ]);
    expect(upstreams.paths.read('tomcat02, spare')).toEqual(['tomcat02', 'spare']);
  });

  it('leave out the name of the upstream group, which nginx shows when it could try none', () => {
    expect(upstreams.paths.read('tomcats')).toEqual([]);
    expect(upstreams.paths.read('127.0.0.1:8081, tomcats')).toEqual(['tomcat01']);
    expect(upstreams.paths.read('-')).toEqual([]);
    expect(upstreams.paths.read('')).toEqual([]);
  });

  it('are one object for one text', () => {
    expect(upstreams.paths.read('127.0.0.1:8081, 127.0.0.1:8082')).toBe(upstreams.paths.read('127.0.0.1:8081, 127.0.0.1:8082'));
  });
});
