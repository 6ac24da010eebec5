// User name and password in a URL: sent to the target, shown to nobody.

/** The text of a URL as it may be shown: without user name and password. Of a text that is no URL, nothing before its last `@` is shown. */
export function withoutUser(text: string): string {
  if (!URL.canParse(text)) return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
  const url = new URL(text);
  if (url.username === '' && url.password === '') return text;
  url.username = '';
  url.password = '';
  return url.href;
}

/** The same without its query, which may hold a token: enough to recognise the request of a fault by. */
export function withoutSecrets(text: string): string {
  const shown = withoutUser(text);
  const query = shown.search(/[?#]/);
  return query < 0 ? shown : shown.slice(0, query);
}

/** Value of the Authorization header for a URL with user information (RFC 7617, UTF-8); null for one without. */
export function basicOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`, 'utf8').toString('base64')}`;
}

/** Percent signs that encode nothing stand for themselves. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
