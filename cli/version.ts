// Our own version, as the package says.

import { readFileSync } from 'node:fs';

/** The version in package.json, found both from the sources and from dist/. */
export function version(): string {
  const up = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json';
  const text = readFileSync(new URL(up, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
