// Reads from an answer what the record keeps: who gave it, and what became of the session.

import type { Answered } from '../../model/entry.ts';
import { route, type SessionTag } from '../../model/session.ts';
import type { BackendSource, Identify } from '../../model/workload.ts';
import type { Answer } from '../wire.ts';
import type { Carried, News } from './cookies.ts';
import type { Disguise } from './disguise.ts';
import { NO_PLACE, type Upstreams } from './upstreams.ts';
import type { Watch } from './watch.ts';

/**
 * What a user read last. Most answers repeat it, and comparing bytes is far cheaper than decoding, hashing and looking up. Texts that are null
 * match nothing.
 */
export interface Recent {
  /** Places among what upstreams show (`Readings`). */
  backend: number;
  path: number;
  /** -1 for none. */
  counter: number;
  ownerText: string | null;
  owner: string | null;
  /** A session id in effect that is none of the user's cookies. */
  sessionText: string | null;
  session: SessionTag | null;
}

export function nothingRead(): Recent {
  return { backend: NO_PLACE, path: NO_PLACE, counter: -1, ownerText: null, owner: null, sessionText: null, session: null };
}

export function forget(recent: Recent): void {
  Object.assign(recent, nothingRead());
}

export type Reader = (answer: Answer, met: boolean, carried: Carried, news: News, recent: Recent) => Answered;

const NO_PATH: readonly string[] = [];

/** Where to look, and with whose help. */
interface Sight {
  readonly source: BackendSource;
  readonly upstreams: Upstreams;
  readonly disguise: Disguise;
  readonly isRoute: (rest: string) => boolean;
  /** Places of headers: the one that `identify` names (else Sticky-Backend), and the five of the cooperative page. */
  readonly own: number;
  readonly trail: number | null;
  readonly cooperative: number;
  readonly session: number;
  readonly created: number;
  readonly owner: number;
  readonly counter: number;
}

/**
 * The backend is what `identify` points to; where that says nothing, the Sticky-Backend header of the cooperative page. A cookie that names
 * the backend counts when the answer sets it; else the one the request carried, because balancers set theirs only when it changes, but only
 * when the answer is as expected: an error may be the balancer's own. The route of a session just set counts when `isRoute` says that it
 * names a backend.
 */
export function createReader(
  identify: Identify,
  watch: Watch,
  upstreams: Upstreams,
  disguise: Disguise,
  isRoute: (rest: string) => boolean,
): Reader {
  const source = identify.backend;
  const sight: Sight = {
    source,
    upstreams,
    disguise,
    isRoute,
    own: watch.place(source.from === 'header' ? source.header : 'Sticky-Backend'),
    trail: identify.path === null ? null : watch.place(identify.path),
    cooperative: watch.place('Sticky-Backend'),
    session: watch.place('Sticky-Session'),
    created: watch.place('Sticky-New'),
    owner: watch.place('Sticky-Owner'),
    counter: watch.place('Sticky-Counter'),
  };
  return (answer, met, carried, news, recent) => ({
    kind: 'answered',
    status: answer.status,
    met,
    backend: told(sight, met, carried, news) ?? shownBackend(sight, answer, recent),
    path: pathOf(sight, answer, recent),
    set: news.tag,
    deleted: news.deleted,
    effective: effectiveSession(sight, answer, carried, news, recent),
    created: answer.headerIs(sight.created, '0') ? false : answer.headerIs(sight.created, '1') ? true : null,
    owner: ownerOf(sight, answer, recent),
    counter: counterOf(sight, answer, recent),
  });
}

/** What cookies say of the backend; null when the backend is told by a header, or by nothing. */
function told({ source, upstreams, isRoute }: Sight, met: boolean, carried: Carried, news: News): string | null {
  if (source.from === 'route') {
    const shown = news.id === null ? '' : route(news.id);
    return isRoute(shown) ? upstreams.names.read(shown) : null;
  }
  if (source.from !== 'cookie') return null;
  const shown = news.backend ?? (met ? carried.backend : null);
  return shown === null ? null : upstreams.names.read(shown);
}

function shownBackend({ own, cooperative, upstreams }: Sight, answer: Answer, recent: Recent): string | null {
  const { names } = upstreams;
  const before = names.shown[recent.backend];
  if (before !== undefined && answer.headerIs(own, before)) return names.meanings[recent.backend] ?? null;
  const text = answer.header(own) || (own === cooperative ? null : answer.header(cooperative));
  if (!text) return null;
  recent.backend = names.place(text);
  return names.read(text);
}

function pathOf({ trail, upstreams }: Sight, answer: Answer, recent: Recent): readonly string[] {
  if (trail === null) return NO_PATH;
  const { paths } = upstreams;
  const before = paths.shown[recent.path];
  if (before !== undefined && answer.headerIs(trail, before)) return paths.meanings[recent.path] ?? NO_PATH;
  const text = answer.header(trail);
  if (text === null) return NO_PATH;
  recent.path = paths.place(text);
  return paths.read(text);
}

function effectiveSession({ session, disguise }: Sight, answer: Answer, carried: Carried, news: News, recent: Recent): SessionTag | null {
  if (carried.id !== null && answer.headerIs(session, carried.id)) return carried.tag;
  if (news.id !== null && answer.headerIs(session, news.id)) return news.tag;
  if (recent.sessionText !== null && answer.headerIs(session, recent.sessionText)) return recent.session;
  const text = answer.header(session);
  if (!text) return null;
  recent.sessionText = text;
  recent.session = disguise.session(text);
  return recent.session;
}

function ownerOf({ owner, disguise }: Sight, answer: Answer, recent: Recent): string | null {
  if (recent.ownerText !== null && answer.headerIs(owner, recent.ownerText)) return recent.owner;
  const text = answer.header(owner);
  if (!text) return null;
  recent.ownerText = text;
  recent.owner = disguise.owner(text);
  return recent.owner;
}

function counterOf({ counter }: Sight, answer: Answer, recent: Recent): number | null {
  if (recent.counter >= 0 && answer.headerIs(counter, String(recent.counter))) return recent.counter;
  const text = answer.header(counter);
  if (text === null || !/^\d{1,15}$/.test(text)) return null;
  recent.counter = Number(text);
  return recent.counter;
}
