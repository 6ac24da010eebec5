// The session ids a request names, in the order in which Tomcat lets them count.

import { SESSION_COOKIE } from '../session-cookie.ts';

/**
 * Cookies before the path parameter; of several cookies the first that is known (CoyoteAdapter:719-745, :1000-1043). The cookie's name
 * counts in its exact letters, the parameter's in lower case.
 */
export function requestedIds(cookieHeader: string, url: string): readonly string[] {
  const cookies = cookieHeader
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    .map((pair) => pair.slice(SESSION_COOKIE.length + 1).replace(/^"(.*)"$/, '$1'));
  if (cookies.length > 0) return cookies;
  const parameter = /;jsessionid=([^;?/]*)/.exec(url)?.[1];
  return parameter === undefined ? [] : [parameter];
}
