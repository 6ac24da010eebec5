// Whether an answer sends its user on, and where to.

import type { Answer } from '../wire.ts';
import type { Draft, Holder, PreparedRequest, Title } from './request.ts';
import { redirected, type Site } from './site.ts';

/** One request as it is asked, by the flow or by a redirect. */
export interface Ask {
  readonly draft: Draft;
  readonly title: Title;
  /** A redirect has turned it into a GET without body. */
  readonly bare: boolean;
}

/**
 * The request that follows a redirect, or null: no redirect, no usable Location, or one of another origin. After 301, 302 and 303 a user
 * asks with GET, unless he asked with HEAD, and without a body (RFC 9110 15.4.2-15.4.4, as browsers do); after 307 and 308 he repeats the
 * request as it was. A hop that keeps the method keeps what the request means for the session; one that turned into a GET means nothing.
 */
export function redirection(
  answer: Answer,
  location: number,
  site: Site,
  asked: Ask,
  request: PreparedRequest,
  holder: Holder,
): Ask | null {
  if (!REDIRECTS.has(answer.status)) return null;
  const text = answer.header(location);
  const path = text === null ? null : redirected(site, text, asked.draft.path);
  if (path === null) return null;
  const { method } = asked.title;
  const bare = asked.bare || (answer.status <= 303 && method !== 'GET' && method !== 'HEAD');
  const title = bare ? request.redirected.changed : request.redirected.kept;
  return { draft: request.again(path, title.method, bare, holder), title, bare };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
