// What is said before the run when the target will not do.

import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { StickyError } from '../../model/errors.ts';
import { answer, ask, optionsFor } from './fixtures/ask.ts';
import { selfSigned } from './fixtures/certificate.ts';
import { type Behaviour, type Saboteur, saboteur } from './fixtures/saboteur.ts';
import type { TransportOptions } from './options.ts';
import { probeTarget } from './probe.ts';
import { createTransport } from './transport.ts';

const servers: Saboteur[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function server(behaviour: Behaviour, ...more: [host?: string, make?: Parameters<typeof saboteur>[2]]): Promise<Saboteur> {
  const made = await saboteur(behaviour, ...more);
  servers.push(made);
  return made;
}

/** What the probe threw, as code and message with the target's port left out, or `content`. */
async function complaint(url: string, given: Partial<TransportOptions> = {}, exit = '127.0.0.1'): Promise<string> {
  try {
    await probeTarget(optionsFor(url, { timeout: 200_000, ...given }), exit);
    return 'content';
  } catch (error) {
    if (!(error instanceof StickyError)) throw error;
    return `${error.code}: ${error.message.replaceAll(/:\d{4,5}\b/g, '')}`;
  }
}

describe('the probe', () => {
  it.each([200, 302, 404, 503])('is content with an answer of status %d', async (status) => {
    const { url, visits } = await server({ visit: ({ socket }) => socket.end(answer('').replace('200', String(status))) });
    expect(await complaint(`${url}/shop?a=b`)).toBe('content');
    expect(visits.map(({ text }) => text)).toEqual([
      `GET /shop?a=b HTTP/1.1\r\nHost: ${new URL(url).host}\r\nUser-Agent: stickybench-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
    ]);
  });

  it('is content with an answer that is too large', async () => {
    const { url } = await server({ visit: ({ socket }) => socket.end(answer('x'.repeat(2000))) });
    expect(await complaint(url, { maxBody: 1000 })).toBe('content');
  });

  it('sends the user name and password of the URL, and shows neither', async () => {
    const { url, visits, close } = await server({ visit: ({ socket }) => socket.end(answer('')) });
    const secret = url.replace('//', '//joe:pw@');
    expect(await complaint(secret)).toBe('content');
    expect(visits[0]?.text).toContain('\r\nAuthorization: Basic am9lOnB3\r\n');
    await close();
    expect(await complaint(secret)).toBe('TARGET_UNREACHABLE: http://127.0.0.1/ refused the connection (connect ECONNREFUSED 127.0.0.1).');
  });

  it('says when nobody listens', async () => {
    const { url, close } = await server({ visit: () => {} });
    await close();
    expect(await complaint(url)).toBe('TARGET_UNREACHABLE: http://127.0.0.1 refused the connection (connect ECONNREFUSED 127.0.0.1).');
  });

  it('says when nobody answers', async () => {
    const { url } = await server({ visit: () => {} });
    expect(await complaint(url)).toBe('TARGET_UNREACHABLE: http://127.0.0.1 accepted a connection and gave no answer within 0.2 s.');
  });

  it('says when the connection is closed without an answer', async () => {
    const { url } = await server({ visit: ({ socket }) => socket.end() });
    expect(await complaint(url)).toBe('TARGET_NOT_HTTP: http://127.0.0.1 closed the connection without an answer.');
  });

  it('says when the answer is not HTTP', async () => {
    const { url } = await server({ connected: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'), visit: () => {} });
    expect(await complaint(url)).toBe('TARGET_NOT_HTTP: http://127.0.0.1 answers with something that is not HTTP/1.1.');
  });

  it('says when the answer breaks off', async () => {
    const { url } = await server({ visit: ({ socket }) => socket.end('HTTP/1.1 2') });
    expect(await complaint(url)).toBe('TARGET_NOT_HTTP: http://127.0.0.1 broke off in the middle of an answer.');
  });

  it('says when the target does not speak TLS', async () => {
    const { url } = await server(
      { connected: (socket) => socket.write('hello, this is not TLS\r\n'), visit: () => {} },
      '127.0.0.1',
      (accept) => createServer(accept),
    );
    expect(await complaint(url.replace('http:', 'https:'))).toMatch(
      /^TARGET_NOT_HTTP: https:\/\/127\.0\.0\.1 does not speak TLS \(.*wrong version number.*\)\.$/s,
    );
  });

  it('says when the certificate is not trusted', async () => {
    const certificate = selfSigned('IP:127.0.0.1');
    const made = await server({ visit: ({ socket }) => socket.write(answer('ok')) }, '127.0.0.1', (accept) =>
      createTlsServer(certificate, accept),
    );
    const url = made.url.replace('http:', 'https:');
    expect(await complaint(url)).toBe('TARGET_UNREACHABLE: https://127.0.0.1 could not agree on TLS (self-signed certificate).');
    await expect(probeTarget(optionsFor(url), '127.0.0.1')).rejects.toMatchObject({
      hint: 'If the certificate is your own, name its authority under `http.tls.ca`, or set `http.tls.insecure: true`.',
    });
    expect(await complaint(url, { tls: { ca: certificate.cert, insecure: false, servername: null } })).toBe('content');
  });

  it('says when the source address is not of this machine', async () => {
    const { url } = await server({ visit: () => {} });
    expect(await complaint(url, { via: { via: 'bind' } }, '203.0.113.7')).toMatch(
      /^EGRESS_UNAVAILABLE: The source address 203\.0\.113\.7 cannot be used to reach http:\/\/127\.0\.0\.1 \(bind EADDRNOTAVAIL 203\.0\.113\.7\)\.$/,
    );
  });

  it('says when the target is not a URL', async () => {
    expect(await complaint('app.test')).toBe('TARGET_INVALID: The target must be an http or https URL, got "app.test".');
  });

  it('says when the name has no address', async () => {
    expect(await complaint('http://no-such-host.invalid')).toMatch(
      /^TARGET_UNRESOLVED: The target's name "no-such-host\.invalid" cannot be resolved: .+\.$/,
    );
  });
});

describe('a name with several addresses', () => {
  it('is taken for the address that accepts a connection', async () => {
    const { port } = await server({ visit: ({ socket }) => socket.write(answer('ok')) });
    const transport = await createTransport(optionsFor(`http://localhost:${port}`));
    expect(await ask(transport)).toEqual(['sent', 'answered 200 "ok"']);
    transport.close();
  });
});
