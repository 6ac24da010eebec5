// The balancer: takes a request, tries backends as its routing says, and hands on the answer of the one that gave it.

import { type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import { cookieValue } from '../routing/cookie.ts';
import { mayTryAnother, statusOf } from '../routing/next-upstream.ts';
import type { Choice, Router } from '../routing/server.ts';
import { SESSION_COOKIE } from '../session-cookie.ts';
import { type Attempt, accessLine, CLIENT_CLOSED, pathOf } from './access-log.ts';
import { attempt, type Message, type Timeouts } from './attempt.ts';
import { headersToBackend, headersToClient } from './headers.ts';
import { announcedClient } from './proxy-listener.ts';
import { clientAddress } from './real-ip.ts';

export interface ProxyOptions {
  readonly router: Router;
  readonly timeouts: Timeouts;
  readonly log: (line: string) => void;
}

const NOTHING = Buffer.alloc(0);

/** One request on its way through the balancer. */
interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly client: string;
  readonly message: Message;
  readonly choice: Choice;
  readonly attempts: Attempt[];
}

export function proxy(options: ProxyOptions): RequestListener {
  return (request, response) => {
    bodyOf(request).then(
      (body) => pass(open(request, response, body, options.router), options),
      // The client went away while he was sending.
      () => response.destroy(),
    );
  };
}

function open(request: IncomingMessage, response: ServerResponse, body: Buffer, router: Router): Passage {
  const forwardedFor = request.headers['x-forwarded-for']?.toString() ?? '';
  const client = announcedClient(request.socket) ?? clientAddress(request.socket.remoteAddress ?? '', forwardedFor);
  const { method = 'GET', url = '/', rawHeaders: raw } = request;
  const headers = headersToBackend({ method, raw, client, forwardedFor, bodyLength: body.length });
  const cookie = cookieValue(request.headers.cookie ?? '', SESSION_COOKIE) ?? '';
  const choice = router({ address: client, cookie, uri: url });
  return { request, response, client, message: { method, url, headers, body }, choice, attempts: [] };
}

/** Tries backends until one answers or none may be tried any more. */
async function pass(passage: Passage, options: ProxyOptions): Promise<void> {
  const { choice, message, attempts, response } = passage;
  for (;;) {
    const server = choice.pick(now());
    if (server === null) {
      attempts.push({ address: choice.group, status: 502 });
      return refuse(passage, 502, options);
    }
    const result = await attempt(server.address, message, options.timeouts, response);
    if (result.kind === 'answered') {
      attempts.push({ address: server.address, status: result.answer.statusCode ?? null });
      return handOn(passage, result.answer, options);
    }
    choice.release(result.kind === 'failed', now());
    if (result.kind === 'abandoned') {
      attempts.push({ address: server.address, status: null });
      return note(passage, CLIENT_CLOSED, [], options);
    }
    attempts.push({ address: server.address, status: statusOf(result.failure) });
    if (!mayTryAnother({ ...result, method: message.method, tries: choice.tries }))
      return refuse(passage, statusOf(result.failure), options);
  }
}

/** An answer whose head came whole is no failure of its backend, whatever becomes of its body. */
function handOn(passage: Passage, answer: IncomingMessage, options: ProxyOptions): void {
  const { response, choice, attempts } = passage;
  const { statusCode = 502, statusMessage = '', rawHeaders } = answer;
  response.writeHead(statusCode, statusMessage, [...headersToClient(rawHeaders, pathOf(attempts))]);
  answer.on('error', () => response.destroy());
  answer.pipe(response);
  response.once('close', () => {
    choice.release(false, now());
    note(passage, statusCode, answer.headers['set-cookie'] ?? [], options);
  });
}

/** The balancer's own answer: no backend gave one. */
function refuse(passage: Passage, status: number, options: ProxyOptions): void {
  const { response, attempts } = passage;
  const reason = STATUS_CODES[status] ?? '';
  response.writeHead(status, { 'Content-Type': 'text/html', 'X-Upstream': pathOf(attempts) });
  response.end(`<html><head><title>${status} ${reason}</title></head><body><h1>${status} ${reason}</h1></body></html>\n`);
  note(passage, status, [], options);
}

function note({ request, client, message, attempts }: Passage, status: number, setCookies: readonly string[], { log }: ProxyOptions): void {
  const { method, url } = message;
  const cookies = request.headers.cookie ?? '';
  log(accessLine({ at: Date.now(), client, method, url, version: request.httpVersion, status, attempts, cookies, setCookies }));
}

/** The whole body before any backend is asked (proxy_request_buffering), so that another one can be asked with it too. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  if (length === '0' && coding === undefined) return NOTHING;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** ngx_time(): whole seconds. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}
