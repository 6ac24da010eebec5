// A cookie's value as nginx's `$cookie_NAME` finds it (ngx_http_parse_multi_header_lines).

/** The first value of the name, in any case of letters; null when there is none. `header` is the text of the Cookie header. */
export function cookieValue(header: string, name: string): string | null {
  const wanted = name.toLowerCase();
  for (const match of header.matchAll(/(?:^|[;,]) *([^;,]*)/g)) {
    const pair = match[1] ?? '';
    if (!pair.toLowerCase().startsWith(wanted)) continue;
    const rest = pair.slice(wanted.length).trimStart();
    if (!rest.startsWith('=')) continue;
    // A value ends at `;` only, though a comma may begin the next name.
    const from = header.indexOf('=', (match.index ?? 0) + match[0].length - pair.length + wanted.length) + 1;
    const end = header.indexOf(';', from);
    return header.slice(from, end < 0 ? undefined : end).trimStart();
  }
  return null;
}
