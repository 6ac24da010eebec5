import { describe, expect, it } from 'vitest';
import { request, servers, walk } from './fixtures/servers.ts';
import { routeMap, routeOf } from './route-map.ts';

const T = 1_000_000;

describe('the route', () => {
  it.each([
    ['the suffix of the cookie', '0123.tomcat01', '/', 'tomcat01'],
    ['after the last dot', '0123.x.tomcat01', '/', 'tomcat01'],
    ['nothing without a dot', '0123tomcat01', '/', ''],
    ['the path parameter when there is no cookie', '', '/visit;jsessionid=0123.tomcat02?a=b', 'tomcat02'],
    ['the path parameter in any case of letters', '', '/visit;JSESSIONID=0123.tomcat02', 'tomcat02'],
    ['the path parameter when the cookie has no route', '0123', '/visit;jsessionid=0123.tomcat02', 'tomcat02'],
    ['the cookie before the path parameter', '0123.tomcat01', '/visit;jsessionid=0123.tomcat02', 'tomcat01'],
    ['nothing from the query', '', '/visit?sessionid=0123.tomcat02', ''],
  ])('is %s', (_, cookie, uri, route) => {
    expect(routeOf({ cookie, uri })).toBe(route);
  });
});

describe('routing by maps', () => {
  const to = (name: string) => request({ cookie: `0123.${name}` });

  it('sends a known route home, whatever the turns of the others', () => {
    const router = routeMap(servers([1, 1, 1]));
    expect(['b', 'a', 'b', 'c', 'b'].map((name) => walk(router, to(name), '', T))).toEqual(['b', 'a', 'b', 'c', 'b']);
  });

  it('sends requests without a known route round', () => {
    const router = routeMap(servers([1, 1]));
    expect(['', 'x', '', 'x'].map((name) => walk(router, to(name), '', T))).toEqual(['a', 'b', 'a', 'b']);
  });

  it('needs the whole name: neither its end nor its beginning will do', () => {
    const [one] = servers([1]);
    if (one === undefined) throw new Error('one was made');
    const router = routeMap([
      { ...one, name: 'tomcat1' },
      { ...one, name: 'mytomcat1' },
    ]);
    expect(['tomcat1', 'mytomcat1', 'tomcat1'].map((name) => walk(router, to(name), '', T))).toEqual(['tomcat1', 'mytomcat1', 'tomcat1']);
    expect([walk(router, to('Tomcat1'), '', T), walk(router, to('at1'), '', T)]).toEqual(['tomcat1', 'mytomcat1']);
  });

  it('lets the users of a dead server go round the others', () => {
    const router = routeMap(servers([1, 1, 1]));
    expect(Array.from({ length: 4 }, () => walk(router, to('b'), 'b', T))).toEqual(['ba', 'c', 'a', 'c']);
  });

  it('lets each group find out by itself that a server is dead', () => {
    const router = routeMap(servers([1, 1]));
    expect(walk(router, to('a'), 'a', T)).toBe('ab');
    expect(walk(router, to(''), 'a', T)).toBe('ab');
    expect([walk(router, to('a'), 'a', T), walk(router, to(''), 'a', T)]).toEqual(['b', 'b']);
  });

  it('shows the name of the group that had nobody left', () => {
    const router = routeMap(servers([1, 1]));
    expect(walk(router, to('b'), 'ab', T)).toBe('ba');
    const choice = router(to('b'));
    expect([choice.pick(T), choice.group]).toEqual([null, 't2']);
  });

  it('sends the users of a server that is down to the others', () => {
    const router = routeMap(servers([1, 1]).map((server) => (server.name === 'a' ? { ...server, down: true } : server)));
    expect([walk(router, to('a'), '', T), walk(router, to(''), '', T), walk(router, to('b'), '', T)]).toEqual(['b', 'b', 'b']);
  });
});
