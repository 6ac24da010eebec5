// A backend as a balancer knows it, and the two questions that every way of routing answers about it.

/** One `server` line of an upstream group. */
export interface Server {
  /** Name of the backend, also its route. */
  readonly name: string;
  /** `127.0.0.1:8081`, as `$upstream_addr` prints it. */
  readonly address: string;
  readonly weight: number;
  /** Failures after which it is shunned; 0: never. */
  readonly maxFails: number;
  /** Whole seconds for which it is shunned. */
  readonly failTimeout: number;
  readonly down: boolean;
}

/** What routing looks at in a request. */
export interface RoutedRequest {
  /** The client's address, after realip. */
  readonly address: string;
  /** `$cookie_jsessionid`; empty when there is none. */
  readonly cookie: string;
  /** Path and query as they came (`$request_uri`). */
  readonly uri: string;
}

/**
 * One request's way through a group: nginx's `peer.get`, `peer.free` and `peer.tries`. Times are whole seconds, because nginx
 * counts failures by `ngx_time()`.
 */
export interface Choice {
  /** Name of the group, which `$upstream_addr` shows when no backend can be used. */
  readonly group: string;
  /** Attempts that are left. */
  readonly tries: number;
  /** The next backend to try, or null: no live upstreams. */
  pick(now: number): Server | null;
  /** The attempt at the last pick is over: it failed (no connection, no answer, no proper answer), or it did not. */
  release(failed: boolean, now: number): void;
}

/** An upstream group, or several with a rule that chooses among them. Keeps what it learns about its servers. */
export type Router = (request: RoutedRequest) => Choice;
