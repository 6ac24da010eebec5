// Which headers the balancer passes on, in both directions. Header lists are flat: name, value, name, value.

/** What belongs to one connection and not to the message (RFC 9110 section 7.6.1), and what the balancer says itself. */
const NOT_TO_BACKEND = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'upgrade',
  'expect',
  'content-length',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-proto',
];
/** nginx writes these two by itself. */
const NOT_TO_CLIENT = ['connection', 'keep-alive', 'transfer-encoding', 'date', 'server'];

export interface Forwarded {
  readonly method: string;
  readonly raw: readonly string[];
  /** The client, after realip. */
  readonly client: string;
  /** Text of all X-Forwarded-For headers that came. */
  readonly forwardedFor: string;
  readonly bodyLength: number;
}

/** Headers for the backend. `Connection: close`: no keep-alive towards backends, as in the real lab. */
export function headersToBackend({ method, raw, client, forwardedFor, bodyLength }: Forwarded): readonly string[] {
  return [
    ...without(raw, NOT_TO_BACKEND),
    ...['X-Real-IP', client],
    ...['X-Forwarded-For', forwardedFor === '' ? client : `${forwardedFor}, ${client}`],
    ...['X-Forwarded-Proto', 'http'],
    ...['Connection', 'close'],
    // A POST without a length would be sent in chunks.
    ...(bodyLength === 0 && (method === 'GET' || method === 'HEAD') ? [] : ['Content-Length', String(bodyLength)]),
  ];
}

/** Headers for the client. `path` as in `$upstream_addr`. */
export function headersToClient(raw: readonly string[], path: string): readonly string[] {
  return [...without(raw, NOT_TO_CLIENT), 'X-Upstream', path];
}

function without(raw: readonly string[], names: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i], raw[i + 1]];
    if (!names.includes(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
