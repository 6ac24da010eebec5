// The PROXY protocol header at the beginning of a connection, version 1 (text) and 2 (binary).

/** `bytes`: length of the header. `source`: the client it names; null when it names none (UNKNOWN, LOCAL, a unix socket). */
export interface ProxyHeader {
  readonly bytes: number;
  readonly source: string | null;
}

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
/** Longest header of version 1, its CRLF included. */
const LONGEST_LINE = 107;
/** Bytes before the addresses of version 2. */
const FIXED = 16;

/** Reads the header from the first bytes of a connection. `more`: not all of it is here yet; `bad`: this is none. (haproxy, doc/proxy-protocol.txt) */
export function readProxyHeader(start: Buffer): ProxyHeader | 'more' | 'bad' {
  const compared = Math.min(start.length, SIGNATURE.length);
  if (start.subarray(0, compared).equals(SIGNATURE.subarray(0, compared))) return readBinary(start);
  return readText(start);
}

function readText(start: Buffer): ProxyHeader | 'more' | 'bad' {
  const text = start.toString('latin1', 0, LONGEST_LINE);
  const end = text.indexOf('\r\n');
  if (end < 0) return text.length < LONGEST_LINE && 'PROXY '.startsWith(text.slice(0, 6)) ? 'more' : 'bad';
  const [word, family, source] = text.slice(0, end).split(' ');
  if (word !== 'PROXY') return 'bad';
  return { bytes: end + 2, source: family === 'UNKNOWN' ? null : (source ?? null) };
}

function readBinary(start: Buffer): ProxyHeader | 'more' | 'bad' {
  if (start.length < FIXED) return 'more';
  const command = start.readUInt8(12);
  const bytes = FIXED + start.readUInt16BE(14);
  if (command >> 4 !== 2) return 'bad';
  if (start.length < bytes) return 'more';
  return { bytes, source: (command & 0xf) === 1 ? sourceOf(start.readUInt8(13) >> 4, start.subarray(FIXED, bytes)) : null };
}

/** The first address of the block: 4 bytes for AF_INET, 16 for AF_INET6. */
function sourceOf(family: number, addresses: Buffer): string | null {
  if (family === 1 && addresses.length >= 12) return addresses.subarray(0, 4).join('.');
  if (family === 2 && addresses.length >= 36) return addresses.subarray(0, 16).toString('hex').match(/.{4}/g)?.join(':') ?? null;
  return null;
}
