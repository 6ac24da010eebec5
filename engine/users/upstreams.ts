// Reads who answered: names of backends, and lists of the backends tried in nginx's $upstream_addr form.

/** Texts seen more often than this many different ones are not remembered: something that changes on every answer is no backend. */
const REMEMBERED = 10_000;

export interface Upstreams {
  /** The backend's name for what a header or cookie shows; the same string object for the same text. */
  name(shown: string): string;
  /** Backends of a list such as `127.0.0.1:8081, 127.0.0.1:8082 : 127.0.0.1:8083`; the same array for the same text. */
  path(shown: string): readonly string[];
}

/**
 * Attempts are separated by commas, internal redirects by a colon between blanks (ngx_http_upstream_module, $upstream_addr). When no
 * server could be tried nginx writes the name of the upstream group instead: an element that is neither an address nor a name the
 * workload knows is no backend, and is left out.
 */
export function createUpstreams(names: Readonly<Record<string, string>>, backends: readonly string[]): Upstreams {
  const known = new Map(Object.entries(names));
  const called = new Set([...backends, ...known.values()]);
  const name = (shown: string): string => known.get(shown) ?? shown;
  return {
    name: remembering(name),
    path: remembering((shown) =>
      shown
        .split(/,|\s:\s/)
        .map((element) => element.trim())
        .filter((element) => known.has(element) || called.has(element) || isAddress(element))
        .map(name),
    ),
  };
}

function isAddress(text: string): boolean {
  return /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])(:\d+)?$/i.test(text) || text.startsWith('unix:');
}

function remembering<T>(read: (shown: string) => T): (shown: string) => T {
  const seen = new Map<string, T>();
  return (shown) => {
    const before = seen.get(shown);
    if (before !== undefined) return before;
    const value = read(shown);
    if (seen.size < REMEMBERED) seen.set(shown, value);
    return value;
  };
}
