// Real nginx over TLS: connections kept, closed and dropped.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Transport } from '../wire.ts';
import { ask, optionsFor, until } from './fixtures/ask.ts';
import { selfSigned } from './fixtures/certificate.ts';
import { type Nginx, nginxThere, startNginx } from './fixtures/nginx.ts';
import { createTransport } from './transport.ts';

const certificate = selfSigned('IP:127.0.0.1');

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function setUp(directives: string): Promise<{ nginx: Nginx; transport: Transport }> {
  const nginx = await startNginx(certificate, directives);
  open.unshift(nginx);
  const transport = await createTransport(optionsFor(nginx.url, { tls: { ca: certificate.cert, insecure: false, servername: null } }));
  open.unshift(transport);
  return { nginx, transport };
}

/** What one request was told: `connection request resumed`, connections numbered as they are seen; or how it was lost. */
function teller(transport: Transport): () => Promise<string> {
  const seen: string[] = [];
  return async () => {
    const [, words = ''] = await ask(transport);
    const [, connection = '', request, resumed] = /^answered 200 "(\d+) (\d+) (\S+)"$/.exec(words) ?? [];
    if (request === undefined) return words;
    if (!seen.includes(connection)) seen.push(connection);
    return `${seen.indexOf(connection)} ${request} ${resumed === 'r' ? 'resumed' : 'new'}`;
  };
}

async function times(count: number, tell: () => Promise<string>): Promise<readonly string[]> {
  const told: string[] = [];
  for (let time = 0; time < count; time++) told.push(await tell());
  return told;
}

describe.skipIf(!nginxThere())('nginx over TLS', () => {
  it('keeps the connection', async () => {
    const { transport } = await setUp('keepalive_timeout 60s;');
    expect(await times(4, teller(transport))).toEqual(['0 1 new', '0 2 new', '0 3 new', '0 4 new']);
    expect(transport.open).toBe(1);
  });

  it('that closes after each answer gets a connection for each, with the session resumed', async () => {
    const { transport } = await setUp('keepalive_timeout 0;');
    expect(await times(4, teller(transport))).toEqual(['0 1 new', '1 1 resumed', '2 1 resumed', '3 1 resumed']);
    await until(() => transport.open === 0);
  });

  it('that closes after some answers says so, and loses nothing', async () => {
    const { transport } = await setUp('keepalive_requests 2;');
    expect(await times(5, teller(transport))).toEqual(['0 1 new', '0 2 new', '1 1 resumed', '1 2 resumed', '2 1 resumed']);
  });

  it('that closes an idle connection in time is met on another', async () => {
    const { transport } = await setUp('keepalive_timeout 1s;');
    const tell = teller(transport);
    expect(await tell()).toBe('0 1 new');
    await until(() => transport.open === 0);
    expect(await tell()).toBe('1 1 resumed');
  });

  it.runIf(process.platform === 'linux')(
    'that closes an idle connection as a request goes out drops that request, and answers the next',
    async () => {
      const { nginx, transport } = await setUp('keepalive_timeout 1s;');
      const tell = teller(transport);
      expect(await tell()).toBe('0 1 new');
      // The end of the stream has arrived at this machine, and nobody has read of it yet.
      while (!endedUnread(nginx.port));
      expect(await tell()).toBe('lost dropped');
      expect(await tell()).toBe('1 1 resumed');
    },
  );
});

/** Whether a socket connected to the port waits for its own end: CLOSE_WAIT, 08 (proc(5), include/net/tcp_states.h). */
function endedUnread(port: number): boolean {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .some((line) => line.includes(` ${remote} 08 `));
}
