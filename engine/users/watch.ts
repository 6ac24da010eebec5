// The headers that a run asks every answer for, each known by its place in one list.

/** Collects header names before the transport is made. */
export interface Watch {
  /** Place of the header; a name asked for twice, in any case, has one place. */
  place(header: string): number;
  readonly headers: readonly string[];
}

export function createWatch(): Watch {
  const headers: string[] = [];
  return {
    headers,
    place(header) {
      const name = header.toLowerCase();
      const known = headers.indexOf(name);
      return known >= 0 ? known : headers.push(name) - 1;
    },
  };
}
