// What a client sent, from the target's log. Pure.

import { median } from '../rig/figures.ts';
import type { Seen } from './document.ts';

/** From lines of `cookie address connection`, where a cookie that was not sent is `-`. Throws on no lines. */
export function seenIn(lines: readonly string[]): Seen {
  const requests = lines.map((line) => line.split(' '));
  const values = (place: number): ReadonlySet<string | undefined> => new Set(requests.map((fields) => fields[place]));
  const cookies = values(0);
  const connections = new Map<string | undefined, Set<string | undefined>>();
  for (const [cookie, , connection] of requests) {
    if (cookie === '-') continue;
    const its = connections.get(connection) ?? new Set();
    connections.set(connection, its.add(cookie));
  }
  return {
    requests: requests.length,
    bare: requests.filter(([cookie]) => cookie === '-').length,
    cookies: cookies.size - (cookies.has('-') ? 1 : 0),
    addresses: values(1).size,
    connections: values(2).size,
    cookiesPerConnection: connections.size === 0 ? 0 : median([...connections.values()].map(({ size }) => size)),
  };
}
