// The lab's web application: pages that tell in response headers what happened to the session.

import { randomBytes } from 'node:crypto';
import type { RequestSessions, Session } from './sessions.ts';

export interface PageRequest {
  readonly method: string;
  /** Without query and path parameters. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Session ids the client sent, in the order in which they count. */
  readonly ids: readonly string[];
}

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The id to set as a cookie: of a session that is new, or that has another id now. */
  readonly cookie: string | null;
}

export interface PagesOptions {
  /** Name of this backend. */
  readonly name: string;
  /** Resolves after that many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

const OWNER = 'owner';
const VISITS = 'visits';
const CART = 'cart';
const LONGEST_PAUSE = 60_000;

/** A session in the hands of a page. */
interface Taken {
  readonly session: Session;
  readonly created: boolean;
}

/**
 * `GET /visit` reads the session's counter `visits`, `POST /visit` increments it; `/cart` does the same with the counter `cart`;
 * `POST /login` gives the session another id, `POST /logout` ends it; `GET /slow?ms=N` answers after N milliseconds, at most a minute;
 * `GET /status/NNN` answers with that status. Every page but logout takes the session or creates one.
 *
 * Every answer has `Sticky-Backend` (the backend's name) and `Sticky-New` (1 when this request created the session); where there is a
 * session after the request also `Sticky-Session` (its id), `Sticky-Owner` (a nonce stored at its creation) and `Sticky-Counter` (the
 * value, after this request, of the counter the page is about). Rejects when the sessions cannot be reached.
 */
export async function answer(request: PageRequest, sessions: RequestSessions, options: PagesOptions): Promise<Page> {
  const { path } = request;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const [, section = '', rest = ''] = /^(\/status\/)(.*)$/.exec(path) ?? [];
  switch (`${method} ${section === '' ? path : section}`) {
    case 'GET /visit':
      return tell(await take(request, sessions), options, 200, VISITS, 0);
    case 'POST /visit':
      return tell(await take(request, sessions), options, 200, VISITS, 1);
    case 'GET /cart':
      return tell(await take(request, sessions), options, 200, CART, 0);
    case 'POST /cart':
      return tell(await take(request, sessions), options, 200, CART, 1);
    case 'POST /login':
      return login(request, sessions, options);
    case 'POST /logout':
      return logout(request, sessions, options);
    case 'GET /slow':
      return slow(request, sessions, options);
    case 'GET /status/':
      return status(rest, request, sessions, options);
    default:
      return plain(options, 404, `${method} ${path}: no such page`);
  }
}

async function login(request: PageRequest, sessions: RequestSessions, options: PagesOptions): Promise<Page> {
  const taken = await take(request, sessions);
  sessions.rotate(taken.session);
  return { ...tell(taken, options, 200, VISITS, 0), cookie: taken.session.id };
}

/** Says nothing about the cookie: the browser keeps a dead one, as with Tomcat. */
async function logout(request: PageRequest, sessions: RequestSessions, options: PagesOptions): Promise<Page> {
  const session = await sessions.find(request.ids);
  if (session !== null) await sessions.invalidate(session);
  return plain(options, 200, `${options.name}: logged out`);
}

/** The session is taken first: the request holds it while it waits. */
async function slow(request: PageRequest, sessions: RequestSessions, options: PagesOptions): Promise<Page> {
  const taken = await take(request, sessions);
  await options.pause(Math.min(wholeNumber(request.query.get('ms') ?? ''), LONGEST_PAUSE));
  return tell(taken, options, 200, VISITS, 0);
}

async function status(text: string, request: PageRequest, sessions: RequestSessions, options: PagesOptions): Promise<Page> {
  const code = wholeNumber(text);
  if (code < 200 || code > 599) return plain(options, 400, 'the status must lie between 200 and 599');
  return tell(await take(request, sessions), options, code, VISITS, 0);
}

/** The session the client means, or a new one with a nonce that no other session has. */
async function take(request: PageRequest, sessions: RequestSessions): Promise<Taken> {
  const known = await sessions.find(request.ids);
  if (known !== null) return { session: known, created: false };
  const session = sessions.create();
  session.attributes[OWNER] = randomBytes(8).toString('hex');
  return { session, created: true };
}

/** Adds to a counter of the session and tells everything about the session. */
function tell({ session, created }: Taken, options: PagesOptions, code: number, key: string, add: number): Page {
  const value = Number(session.attributes[key] ?? 0) + add;
  if (add !== 0) session.attributes[key] = value;
  const headers = {
    ...naming(options, created),
    'Sticky-Session': session.id,
    'Sticky-Owner': String(session.attributes[OWNER]),
    'Sticky-Counter': String(value),
  };
  const bodiless = code === 204 || code === 205 || code === 304;
  const body = bodiless ? '' : `${options.name}: ${key} ${value}\n`;
  return { status: code, headers, body, cookie: created ? session.id : null };
}

function plain(options: PagesOptions, code: number, line: string): Page {
  return { status: code, headers: naming(options, false), body: `${line}\n`, cookie: null };
}

function naming({ name }: PagesOptions, created: boolean): Readonly<Record<string, string>> {
  return { 'Sticky-Backend': name, 'Sticky-New': created ? '1' : '0' };
}

/** 0 for anything that is not a whole number of at most nine digits. */
function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
