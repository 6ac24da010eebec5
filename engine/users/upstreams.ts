// Reads who answered: names of backends, and lists of the backends tried in nginx's $upstream_addr form.

/** Texts seen more often than this many different ones are not remembered: something that changes on every answer is no backend. */
const REMEMBERED = 10_000;

/** What texts of one kind mean. Each is read once and remembered under a place, which takes a user less room than text and meaning. */
interface Readings<T> {
  /** The texts, by their places. */
  readonly shown: readonly string[];
  readonly meanings: readonly T[];
  /** Place of a text; NO_PLACE when too many others came before. */
  place(shown: string): number;
  /** The same meaning, as an object, for the same text. */
  read(shown: string): T;
}

export const NO_PLACE = -1;

export interface Upstreams {
  /** The backend's name for what a header or cookie shows. */
  readonly names: Readings<string>;
  /** Backends of a list such as `127.0.0.1:8081, 127.0.0.1:8082 : 127.0.0.1:8083`. */
  readonly paths: Readings<readonly string[]>;
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
    names: readings(name),
    paths: readings((shown) =>
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

function readings<T>(read: (shown: string) => T): Readings<T> {
  const places = new Map<string, number>();
  const texts: string[] = [];
  const meanings: T[] = [];
  function place(shown: string): number {
    const known = places.get(shown);
    if (known !== undefined) return known;
    if (texts.length === REMEMBERED) return NO_PLACE;
    places.set(shown, texts.length);
    meanings.push(read(shown));
    return texts.push(shown) - 1;
  }
  return { shown: texts, meanings, place, read: (shown) => meanings[place(shown)] ?? read(shown) };
}
