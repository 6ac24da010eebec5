// The contract of the lab's web application, as checks that any implementation must pass. For tests.

import { request } from 'node:http';
import { describe, expect, it } from 'vitest';

/** Where one backend listens, asked directly and not through the balancer, and by which name it knows itself. */
export interface Subject {
  readonly url: string;
  readonly name: string;
}

/** What an answer says about the session. */
interface Said {
  readonly status: number;
  readonly backend: string | null;
  readonly session: string | null;
  readonly created: string | null;
  readonly owner: string | null;
  readonly counter: string | null;
  /** The Set-Cookie headers, whole. */
  readonly cookies: readonly string[];
  readonly body: string;
}

/** Declares the checks. `subject` is asked when they run, so that it may be started in a beforeAll. */
export function appConformance(subject: () => Subject): void {
  const ask = (method: string, path: string, cookie?: string) => send(subject().url, method, path, cookie);
  describe('sessions', () => creation(ask, subject));
  describe('pages', () => pages(ask, subject));
  describe('rotation and end', () => rotation(ask, subject));
}

type Ask = (method: string, path: string, cookie?: string) => Promise<Said>;

function creation(ask: Ask, subject: () => Subject): void {
  it('are created on the first request and announced by one cookie', async () => {
    const first = await ask('GET', '/visit');
    expect(first).toEqual({
      status: 200,
      backend: subject().name,
      session: expect.stringMatching(/^[0-9A-F]{32}\.[^.;]+$/),
      created: '1',
      owner: expect.stringMatching(/^[0-9a-f]{16}$/),
      counter: '0',
      cookies: [`JSESSIONID=${first.session}; Path=/; HttpOnly`],
      body: `${subject().name}: visits 0\n`,
    });
    expect(first.session?.split('.')[1]).toBe(subject().name);
  });

  it('are found again without a word about cookies', async () => {
    const first = await ask('GET', '/visit');
    expect(await ask('GET', '/visit', `JSESSIONID=${first.session}`)).toEqual({ ...first, created: '0', cookies: [] });
  });

  it('differ from one another in id and owner', async () => {
    const [one, other] = [await ask('GET', '/visit'), await ask('GET', '/visit')];
    expect([one.session === other.session, one.owner === other.owner]).toEqual([false, false]);
  });

  it('are made anew for an id that nobody knows, and never under that id', async () => {
    const unknown = `0123456789ABCDEF0123456789ABCDEF.${subject().name}`;
    const answer = await ask('GET', '/visit', `JSESSIONID=${unknown}`);
    expect({ created: answer.created, counter: answer.counter, cookies: answer.cookies }).toEqual({
      created: '1',
      counter: '0',
      cookies: [`JSESSIONID=${answer.session}; Path=/; HttpOnly`],
    });
    expect(answer.session).not.toBe(unknown);
  });

  it('are looked up by the whole id, route included', async () => {
    const { session } = await ask('GET', '/visit');
    expect((await ask('GET', '/visit', `JSESSIONID=${session?.split('.')[0]}.elsewhere`)).created).toBe('1');
    expect((await ask('GET', '/visit', `JSESSIONID=${session?.split('.')[0]}`)).created).toBe('1');
  });

  it('are found under the first valid one of several cookies', async () => {
    const { session } = await ask('GET', '/visit');
    const answer = await ask('GET', '/visit', `other=1; JSESSIONID=00.${subject().name}; JSESSIONID=${session}`);
    expect({ session: answer.session, created: answer.created }).toEqual({ session, created: '0' });
  });
}

function pages(ask: Ask, subject: () => Subject): void {
  it('count visits and cart apart, by POST only', async () => {
    const cookie = `JSESSIONID=${(await ask('POST', '/visit')).session}`;
    const steps = ['POST /visit', 'POST /cart', 'GET /visit', 'GET /cart', 'POST /cart', 'GET /visit'];
    const bodies: string[] = [];
    for (const step of steps) bodies.push((await ask(step.split(' ')[0] ?? '', step.split(' ')[1] ?? '', cookie)).body);
    const { name } = subject();
    expect(bodies).toEqual(['visits 2', 'cart 1', 'visits 2', 'cart 1', 'cart 2', 'visits 2'].map((text) => `${name}: ${text}\n`));
  });

  it('tell in Sticky-Counter the value after the request', async () => {
    const first = await ask('POST', '/cart');
    expect(first.counter).toBe('1');
    expect((await ask('POST', '/cart', `JSESSIONID=${first.session}`)).counter).toBe('2');
  });

  it.each([200, 201, 404, 500, 503])('answer with status %d when asked to', async (status) => {
    const first = await ask('POST', '/visit');
    const answer = await ask('GET', `/status/${status}`, `JSESSIONID=${first.session}`);
    expect({ ...answer, body: '' }).toEqual({ ...first, status, created: '0', cookies: [], body: '' });
  });

  it('answer 204 without a body', async () => {
    expect(await ask('GET', '/status/204')).toMatchObject({ status: 204, created: '1', body: '' });
  });

  it('refuse a status that is none', async () => {
    expect(await ask('GET', '/status/999')).toMatchObject({ status: 400, session: null, cookies: [] });
  });

  it('take the time that is asked for', async () => {
    const began = performance.now();
    const answer = await ask('GET', '/slow?ms=120');
    // A timer may fire a millisecond early by another clock.
    expect(performance.now() - began).toBeGreaterThanOrEqual(119);
    expect({ status: answer.status, counter: answer.counter, created: answer.created }).toEqual({
      status: 200,
      counter: '0',
      created: '1',
    });
  });

  it('make no session where there is no page', async () => {
    expect(await ask('GET', '/nothing')).toMatchObject({ status: 404, backend: subject().name, session: null, created: '0', cookies: [] });
    expect(await ask('PUT', '/visit')).toMatchObject({ status: 404, session: null, cookies: [] });
  });
}

function rotation(ask: Ask, subject: () => Subject): void {
  it('login gives the session another id and keeps all that is in it', async () => {
    const before = await ask('POST', '/visit');
    const login = await ask('POST', '/login', `JSESSIONID=${before.session}`);
    expect(login).toEqual({
      ...before,
      session: expect.stringMatching(new RegExp(`^[0-9A-F]{32}\\.${subject().name}$`)),
      created: '0',
      cookies: [`JSESSIONID=${login.session}; Path=/; HttpOnly`],
    });
    expect(login.session).not.toBe(before.session);
    expect(await ask('GET', '/visit', `JSESSIONID=${login.session}`)).toEqual({ ...login, cookies: [] });
    expect((await ask('GET', '/visit', `JSESSIONID=${before.session}`)).created).toBe('1');
  });

  it('login without a session makes one and sets one cookie', async () => {
    const login = await ask('POST', '/login');
    expect({ created: login.created, cookies: login.cookies }).toEqual({
      created: '1',
      cookies: [`JSESSIONID=${login.session}; Path=/; HttpOnly`],
    });
  });

  it('logout ends the session and says nothing about cookies', async () => {
    const { session } = await ask('POST', '/visit');
    expect(await ask('POST', '/logout', `JSESSIONID=${session}`)).toEqual({
      status: 200,
      backend: subject().name,
      session: null,
      created: '0',
      owner: null,
      counter: null,
      cookies: [],
      body: `${subject().name}: logged out\n`,
    });
    expect((await ask('GET', '/visit', `JSESSIONID=${session}`)).created).toBe('1');
  });

  it('logout without a session makes none', async () => {
    expect(await ask('POST', '/logout')).toMatchObject({ status: 200, session: null, created: '0', cookies: [] });
  });
}

function send(url: string, method: string, path: string, cookie?: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const headers = cookie === undefined ? {} : { Cookie: cookie };
    const sent = request(new URL(path, url), { method, headers, agent: false }, (response) => {
      const one = (name: string) => response.headers[name]?.toString() ?? null;
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('error', reject).once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          backend: one('sticky-backend'),
          session: one('sticky-session'),
          created: one('sticky-new'),
          owner: one('sticky-owner'),
          counter: one('sticky-counter'),
          cookies: response.headers['set-cookie'] ?? [],
          body,
        }),
      );
    });
    sent.once('error', reject).end();
  });
}
