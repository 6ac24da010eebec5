// Whether nginx may try another server after a failed attempt (proxy_next_upstream at its default, `error timeout`).

/** Methods that nginx does not repeat once they were sent, unless `non_idempotent` is said (ngx_http_upstream.c:4687-4691). */
const NOT_REPEATED = ['POST', 'LOCK', 'PATCH'];

/** `error`: no connection, or it broke before a whole head came. `timeout`: of connecting or reading. `invalid_header`: what came is no HTTP head. */
export type AttemptFailure = 'error' | 'timeout' | 'invalid_header';

export interface FailedAttempt {
  readonly failure: AttemptFailure;
  /** The connection stood, so the request was sent, at least in part. */
  readonly sent: boolean;
  readonly method: string;
  /** Attempts left after this one. */
  readonly tries: number;
}

/** ngx_http_upstream.c:4693-4696. */
export function mayTryAnother({ failure, sent, method, tries }: FailedAttempt): boolean {
  if (tries === 0 || failure === 'invalid_header') return false;
  return !(sent && NOT_REPEATED.includes(method));
}

/** What `$upstream_status` shows for the attempt, and the client when it was the last one. */
export function statusOf(failure: AttemptFailure): 502 | 504 {
  return failure === 'timeout' ? 504 : 502;
}
