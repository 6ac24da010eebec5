// Session ids as the record knows them: disguised, but still comparable and still showing the route.

/**
 * A disguised session id: a keyed hash of the id's core, followed by the rest of the id from its first dot
 * (`9f2c41d07be85a13.tomcat01`). The rest is in clear only where it is a route the set-up names; otherwise it is hashed too.
 * Two ids are equal exactly when their tags are, and have equal cores exactly when the tags' cores are equal.
 */
export type SessionTag = string;

/**
 * core(x): the tag up to its first dot. Ids are compared by their core, because JvmRouteBinderValve renames `X.node1` to `X.node2`
 * without changing the session (Tomcat 10.1 JvmRouteBinderValve.handleJvmRoute).
 */
export function core(tag: SessionTag): string {
  const dot = tag.indexOf('.');
  return dot < 0 ? tag : tag.slice(0, dot);
}

/** What follows the first dot of a tag: the route, naming the backend that *created* the session. Empty when there is none. */
export function route(tag: SessionTag): string {
  const dot = tag.indexOf('.');
  return dot < 0 ? '' : tag.slice(dot + 1);
}
