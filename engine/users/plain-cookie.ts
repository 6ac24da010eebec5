// The cookies that most servers set most of the time: a name, a value, a path, and nothing that needs a jar to judge.

import { Cookie, defaultPath } from 'tough-cookie';
import { flat } from '../flat.ts';
import type { Epoch } from './cookies.ts';

/** A cookie that lives as long as its user and goes back to the host that set it; without a value, the end of such a cookie. */
export interface PlainCookie {
  readonly name: string;
  readonly value: string | null;
  readonly path: string;
}

/** What a Set-Cookie header says behind its name and value. */
interface Attributes {
  /** Null: that of the request decides. */
  readonly path: string | null;
  readonly secure: boolean;
  /** When the cookie ends, 0 where that is at once; never while none is said. */
  readonly until: Epoch;
}

/** A token (RFC 9110 5.6.2). Names that begin with `__` may have a meaning of their own (RFC 6265bis 4.1.3). */
const NAME = /^(?!__)[\w!#$%&'*+.^`|~-]+$/;
/** cookie-octet (RFC 6265 4.1.1). */
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const ATTRIBUTES =
  /^(?:; *(?:path=\/[\x21-\x3a\x3c-\x7e]*|httponly|secure|samesite=(?:strict|lax|none)|max-age=-?\d{1,9}|expires=[\w ,:-]{1,40}))*$/i;

/** A site has few endings of Set-Cookie headers, but may put a date into each. */
const REMEMBERED = 1000;
const remembered = new Map<string, Attributes | null>();

/**
 * Reads a Set-Cookie header that a jar would take, keep for good and send back under the same path only, or one that ends such a cookie: name
 * and value in the characters that the RFC grants, and none but these attributes: Path, HttpOnly, SameSite, Secure over https, and Max-Age or
 * Expires where that is over. Null for any other. `requested` is the path of the request without query.
 */
export function plainCookie(header: string, requested: string, overTls: boolean, now: Epoch): PlainCookie | null {
  const end = header.indexOf(';');
  const pair = end < 0 ? header : header.slice(0, end);
  const equals = pair.indexOf('=');
  if (equals < 0) return null;
  const name = pair.slice(0, equals);
  const value = pair.slice(equals + 1);
  if (!NAME.test(name) || !VALUE.test(value)) return null;
  const attributes = attributesOf(end < 0 ? '' : header.slice(end));
  if (attributes === null || (attributes.secure && !overTls)) return null;
  const over = attributes.until <= now;
  if (!over && (value === '' || attributes.until !== Number.POSITIVE_INFINITY)) return null;
  return { name: flat(name), value: over ? null : flat(value), path: attributes.path ?? flat(defaultPath(requested)) };
}

function attributesOf(text: string): Attributes | null {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const attributes = ATTRIBUTES.test(text) ? readAttributes(text) : null;
  if (remembered.size < REMEMBERED) remembered.set(flat(text), attributes);
  return attributes;
}

/** Null when the cookie is to age. */
function readAttributes(text: string): Attributes | null {
  const cookie = Cookie.parse(`name=value${text}`);
  if (cookie === undefined) return null;
  const { maxAge, expires, path, secure } = cookie;
  // Max-Age goes before Expires (RFC 6265 5.3 step 3).
  if (maxAge === null)
    return { path: ownPath(path), secure, until: expires instanceof Date ? expires.getTime() : Number.POSITIVE_INFINITY };
  return maxAge === '-Infinity' || (typeof maxAge === 'number' && maxAge <= 0) ? { path: ownPath(path), secure, until: 0 } : null;
}

function ownPath(path: string | null): string | null {
  return path === null ? null : flat(path);
}
