// A dotted path into a JSON text: `items[0].id`, `$.token`, `["odd key"].x`.

/** The value there as text: a string as it is, anything else as JSON. Null when the text is no JSON or has nothing (or null) there. */
export function at(text: string, path: string): string | null {
  let value: unknown = parsed(text);
  for (const key of keysOf(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Keys in order; indexes of arrays are keys too. */
function keysOf(path: string): readonly string[] {
  const keys = path.replace(/^\$\.?/, '').matchAll(/\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...keys].map(([, double, single, index, plain]) => double ?? single ?? index ?? plain ?? '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
