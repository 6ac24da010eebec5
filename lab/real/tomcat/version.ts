// Reads Tomcat's version from its own jar, which is a zip file, without starting a JVM.

import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

const ENTRY = 'org/apache/catalina/util/ServerInfo.properties';

/** The version that `catalina.jar` carries, such as `10.1.60`; null when it cannot be read. */
export function tomcatVersion(jar: string): string | null {
  try {
    const properties = entryOf(readFileSync(jar), ENTRY)?.toString('latin1') ?? '';
    return /^server\.info=Apache Tomcat\/([^\s]+)/m.exec(properties)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** An entry of a zip file, unpacked (APPNOTE.TXT 4.3: central directory 4.3.12, its end 4.3.16, local header 4.3.7). */
function entryOf(zip: Buffer, name: string): Buffer | null {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) return null;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) return unpack(zip, at);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return null;
}

function unpack(zip: Buffer, central: number): Buffer {
  const deflated = zip.readUInt16LE(central + 10) === 8;
  const size = zip.readUInt32LE(central + 20);
  const local = zip.readUInt32LE(central + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(start, start + size);
  return deflated ? inflateRawSync(bytes) : bytes;
}
