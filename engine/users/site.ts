// The one origin that a run sends requests to.

import { StickyError } from '../../model/errors.ts';
import { basicOf, withoutUser } from '../credentials.ts';

export interface Site {
  /** `http://127.0.0.1:8080` */
  readonly origin: string;
  /** Text of the Host header. */
  readonly host: string;
  /** Path of the target's URL without a slash at its end: relative paths of the workload are appended to it. */
  readonly base: string;
  /** Value of the Authorization header that the URL's user name and password make; null without them. */
  readonly authorization: string | null;
}

/** Reads the target's URL. Throws TARGET_INVALID unless it is http or https. */
export function siteOf(url: string): Site {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new StickyError('TARGET_INVALID', `The target must be an http or https URL. Got "${withoutUser(url)}".`);
  }
  return { origin: parsed.origin, host: parsed.host, base: parsed.pathname.replace(/\/+$/, ''), authorization: basicOf(parsed) };
}

/**
 * What goes on the request line for a path as the workload writes it: its own path below the site's base, or a whole URL of the same
 * origin. Null when it is a URL of another origin: load goes only where the user pointed it.
 */
export function pathOn(site: Site, written: string): string | null {
  if (!/^https?:\/\//i.test(written)) return site.base + encoded(written.startsWith('/') ? written : `/${written}`);
  return sameOrigin(site, written, site.origin);
}

/** Where a Location header leads, seen from the path that was asked for; null when that is another origin or no URL. */
export function redirected(site: Site, location: string, from: string): string | null {
  return sameOrigin(site, location, site.origin + from);
}

/** The path without its query: what cookies are matched against. */
export function pathname(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

function sameOrigin(site: Site, text: string, base: string): string | null {
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  return url.origin === site.origin ? url.pathname + url.search : null;
}

/** Percent-encodes what must not stand on a request line (controls, blanks, anything beyond ASCII) and drops the fragment. */
function encoded(path: string): string {
  const hash = path.indexOf('#');
  const whole = hash < 0 ? path : path.slice(0, hash);
  return whole.replace(/[^\x21-\x7e]+/g, (part) => [...Buffer.from(part, 'utf8')].map((byte) => `%${hex(byte)}`).join(''));
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
