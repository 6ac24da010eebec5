// The backend process: an HTTP server around the pages.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { endWithParent, orders } from '../process.ts';
import { SESSION_COOKIE } from '../session-cookie.ts';
import { storeClient } from '../store/client.ts';
import { memorySessions } from './memory.ts';
import { answer, type Page, type PagesOptions } from './pages.ts';
import { requestedIds } from './requested-ids.ts';
import { newSessionId, type SessionManager } from './sessions.ts';
import { sharedSessions } from './shared.ts';

export interface BackendOrders {
  readonly name: string;
  readonly port: number;
  /** Idle time after which a session expires, milliseconds. */
  readonly sessionTimeout: number;
  /** Port of the shared store; null keeps sessions in this process's memory. */
  readonly store: number | null;
}

/** Milliseconds between two looks for expired sessions (ContainerBase.backgroundProcessorDelay is 10 s). */
const PURGE_EVERY = 10_000;
/** Tomcat's server.xml closes an idle connection after 20 s. */
const KEEP_ALIVE = 20_000;
/** Milliseconds that SIGTERM leaves to requests in flight (StandardWrapper.unloadDelay). */
const UNLOAD_DELAY = 2_000;
/** What a JVM ends with after SIGTERM. */
const TERMINATED = 143;

function main(given: BackendOrders): void {
  const sessions = sessionsFor(given);
  const options: PagesOptions = { name: given.name, pause: (milliseconds) => pause(milliseconds) };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    request.resume();
    serve(request, sessions, options).then(
      (page) => send(response, page),
      (error: unknown) => refuse(response, given.name, error),
    );
  });
  server.listen(given.port, '127.0.0.1');
  process.once('SIGTERM', () => {
    setTimeout(() => process.exit(TERMINATED), UNLOAD_DELAY);
    server.close(() => process.exit(TERMINATED));
    server.closeIdleConnections();
  });
}

function sessionsFor({ name, sessionTimeout, store }: BackendOrders): SessionManager {
  const newId = () => newSessionId(name);
  if (store !== null) return sharedSessions({ ask: storeClient(store), timeout: sessionTimeout, newId });
  const memory = memorySessions({ timeout: sessionTimeout, clock: Date.now, newId });
  setInterval(() => memory.purge(), PURGE_EVERY).unref();
  return memory.manager;
}

/** Saves before it answers: a client that has its answer finds its own write. */
async function serve(request: IncomingMessage, manager: SessionManager, options: PagesOptions): Promise<Page> {
  const url = request.url ?? '/';
  const [path = '/', query = ''] = url.split('?', 2);
  const sessions = manager();
  const page = await answer(
    {
      method: request.method ?? 'GET',
      path: path.replaceAll(/;[^/]*/g, ''),
      query: new URLSearchParams(query),
      ids: requestedIds(request.headers.cookie ?? '', url),
    },
    sessions,
    options,
  );
  await sessions.end();
  return page;
}

function send(response: ServerResponse, page: Page): void {
  response.writeHead(page.status, {
    ...page.headers,
    ...(page.cookie === null ? {} : { 'Set-Cookie': `${SESSION_COOKIE}=${page.cookie}; Path=/; HttpOnly` }),
    ...(page.body === '' ? {} : { 'Content-Type': 'text/plain;charset=utf-8', 'Content-Length': Buffer.byteLength(page.body) }),
  });
  response.end(page.body);
}

/** The sessions cannot be reached, or the session could not be saved. */
function refuse(response: ServerResponse, name: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${reason}\n`);
  response.writeHead(500, { 'Sticky-Backend': name, 'Sticky-New': '0', 'Content-Type': 'text/plain;charset=utf-8' });
  response.end(`${reason}\n`);
}

endWithParent();
main(orders<BackendOrders>());
