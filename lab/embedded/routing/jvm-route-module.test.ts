import { describe, expect, it } from 'vitest';
import { request, servers, walk } from './fixtures/servers.ts';
import { endsAlike, jvmRouteModule, sessionOf } from './jvm-route-module.ts';

const T = 1_000_000;
const to = (name: string) => request({ cookie: `0123.${name}` });

describe('where the module looks for the session', () => {
  it.each([
    ['the cookie first', 'C.a', '/?sessionid=U.b', 'C.a'],
    ['the query when there is no cookie', '', '/?sessionid=U.b', 'U.b'],
    ['the query in any case of letters', '', '/x?a=1&SessionID=U.b&c=2', 'U.b'],
    ['`?` before `&`', '', '/x?sessionid=1.a&sessionid=2.b', '1.a'],
    ['not the path parameter', '', '/x;jsessionid=U.b', ''],
    ['not a longer name', '', '/x?jsessionid=U.b', ''],
  ])('%s', (_, cookie, uri, session) => {
    expect(sessionOf({ cookie, uri })).toBe(session);
  });
});

describe('what the module takes for a match', () => {
  it.each([
    ['ABC.tomcat01', 'tomcat01', true],
    ['ABCtomcat01', 'tomcat01', true],
    ['ABC.tomcat11', '1', true],
    ['cat01', 'tomcat01', true],
    ['ABC.tomcat02', 'tomcat01', false],
    ['', 'tomcat01', false],
    ['ABC.tomcat01', '', false],
  ])('%s with srun_id=%s: %s', (session, route, match) => {
    expect(endsAlike(session, route)).toBe(match);
  });
});

describe('routing by the module', () => {
  it('sends a session home', () => {
    const router = jvmRouteModule('g', servers([1, 1, 1]));
    expect(['b', 'a', 'b', 'c'].map((name) => walk(router, to(name), '', T))).toEqual(['b', 'a', 'b', 'c']);
  });

  it('alternates between servers that a session matches equally', () => {
    const router = jvmRouteModule(
      'g',
      servers([1, 1]).map((server) => ({ ...server, name: `${server.name}1` })),
    );
    expect(Array.from({ length: 4 }, () => walk(router, request({ cookie: '1' }), '', T))).toEqual(['a1', 'b1', 'a1', 'b1']);
  });

  it('counts sticky requests as turns, so others go where there is less to do', () => {
    const router = jvmRouteModule('g', servers([3, 3]));
    const path = [to('a'), to('a'), to('a'), request(), request(), request()].map((asked) => walk(router, asked, '', T));
    expect(path.join(' ')).toBe('a a a b b b');
  });

  it('takes the heaviest first', () => {
    const router = jvmRouteModule('g', servers([1, 3]));
    expect(Array.from({ length: 4 }, () => walk(router, request(), '', T)).join(' ')).toBe('b a b b');
  });

  it('goes on with the others in the same request when home is dead, and skips it afterwards', () => {
    const router = jvmRouteModule('g', servers([1, 1]));
    expect([walk(router, to('a'), 'a', T), walk(router, to('a'), 'a', T)]).toEqual(['ab', 'b']);
  });

  it('shuns through the tenth second, then lets all traffic back at once', () => {
    const router = jvmRouteModule('g', servers([1, 1]));
    expect(walk(router, to('a'), 'a', T)).toBe('ab');
    expect(walk(router, to('a'), '', T + 10)).toBe('b');
    const open = Array.from({ length: 3 }, () => router(to('a')).pick(T + 11)?.name);
    expect(open).toEqual(['a', 'a', 'a']);
  });

  it('never forgets a failure because of a success', () => {
    const router = jvmRouteModule('g', servers([1, 1], { maxFails: 3 }));
    const path = ['a', '', 'a', '', 'a', ''].map((dead) => walk(router, to('a'), dead, T));
    expect(path).toEqual(['ab', 'a', 'ab', 'a', 'ab', 'b']);
  });

  it('fails a request that finds nobody, and forgives everybody for the next', () => {
    const router = jvmRouteModule('g', servers([1, 1]));
    expect([walk(router, to('a'), 'ab', T), walk(router, to('a'), '', T), walk(router, to('a'), '', T)]).toEqual(['ab', '-', 'a']);
  });

  it('leaves a server that is down at once', () => {
    const router = jvmRouteModule(
      'g',
      servers([1, 1]).map((server) => (server.name === 'a' ? { ...server, down: true } : server)),
    );
    expect([walk(router, to('a'), '', T), walk(router, request(), '', T)]).toEqual(['b', 'b']);
  });

  it('always uses a server that is alone', () => {
    const router = jvmRouteModule('g', servers([1]));
    expect([walk(router, to('x'), 'a', T), walk(router, to('x'), '', T)]).toEqual(['a', 'a']);
  });
});
