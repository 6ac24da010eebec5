// Where requests go: the URL taken apart, and its name resolved once.

import { lookup } from 'node:dns/promises';
import { connect, isIP, isIPv6 } from 'node:net';
import { StickyError } from '../../model/errors.ts';
import { MILLISECOND, type Micros } from '../../model/units.ts';
import { basicOf, withoutUser } from '../credentials.ts';

export interface Target {
  readonly secure: boolean;
  /** Host name or address as the URL has it, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query of the URL. */
  readonly path: string;
  /** `host:port` for the Host header; the scheme's own port is left out. */
  readonly authority: string;
  /** Value of the Authorization header that the URL's user name and password make; null without them. */
  readonly authorization: string | null;
}

/** One address per family; null where the name has none, and at least one is there. */
export interface Addresses {
  readonly four: string | null;
  readonly six: string | null;
  /** The one to use when the family does not matter. */
  readonly first: string;
}

/** Throws `TARGET_INVALID`. */
export function parseTarget(text: string): Target {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new StickyError('TARGET_INVALID', `The target must be an http or https URL, got "${withoutUser(text)}".`);
  }
  const secure = url.protocol === 'https:';
  return {
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path: url.pathname + url.search,
    authority: url.host,
    authorization: basicOf(url),
  };
}

/**
 * Resolves the target's name, once for the whole run. Where it has several addresses, the first that accepts a connection is taken, in each
 * family and over all; when none does, the first. Throws `TARGET_UNRESOLVED`.
 */
export async function resolveTarget(target: Target, patience: Micros): Promise<Addresses> {
  const all = await addressesOf(target.host);
  const willing = new Set(all.length > 1 ? await accepting(all, target.port, patience) : all);
  const ranked = [...all.filter((address) => willing.has(address)), ...all];
  const [first] = ranked;
  if (first === undefined) throw unresolved(target.host, 'it has no address');
  return { first, four: ranked.find((address) => !isIPv6(address)) ?? null, six: ranked.find((address) => isIPv6(address)) ?? null };
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    return found.map(({ address }) => address);
  } catch (error) {
    throw unresolved(host, error instanceof Error ? error.message : String(error));
  }
}

function unresolved(host: string, why: string): StickyError {
  return new StickyError('TARGET_UNRESOLVED', `The target's name "${host}" cannot be resolved: ${why}.`);
}

async function accepting(addresses: readonly string[], port: number, patience: Micros): Promise<readonly string[]> {
  const answers = await Promise.all(addresses.map((address) => accepts(address, port, patience)));
  return addresses.filter((_, place) => answers[place]);
}

function accepts(host: string, port: number, patience: Micros): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(Math.ceil(patience / MILLISECOND), () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
