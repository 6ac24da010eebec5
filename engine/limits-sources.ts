// Which source addresses of the egress pool this machine does not have: found out by binding some.

import { createServer } from 'node:net';
import type { Users } from '../model/workload.ts';
import { exits } from './plan/exits.ts';

export interface Unusable {
  readonly tried: number;
  readonly unusable: readonly string[];
  /** What the system says of the first of them; empty when all can be used. */
  readonly why: string;
}

/** Addresses tried, at most, of each policy: a pool lies in a few networks, so those of some users tell. */
const TRIED = 64;

/** Binds a sample of the exits that the users will leave by. Throws EGRESS_POOL_SMALL. */
export async function unusableSources(users: Pick<Users, 'egress' | 'pool' | 'count'>, seed: number): Promise<Unusable> {
  const addresses = sample(users, seed);
  const answers = await Promise.all(addresses.map(async (address) => ({ address, why: await bind(address) })));
  const unusable = answers.filter(({ why }) => why !== null);
  return { tried: addresses.length, unusable: unusable.map(({ address }) => address), why: unusable[0]?.why ?? '' };
}

function sample({ egress, pool, count }: Pick<Users, 'egress' | 'pool' | 'count'>, seed: number): readonly string[] {
  const dealt = exits({ egress, pool }, seed);
  const addresses = egress.flatMap((share, place) => {
    const some = Array.from({ length: Math.min(TRIED, share.policy === 'shared' ? share.exits : count) }, (_, index) => index);
    return share.policy === 'shared' ? some.map((exit) => dealt.common(place, exit)) : some.map((user) => dealt.own(user, 0, 0));
  });
  return [...new Set(addresses)];
}

/** Null when the address can be bound, else what the system says. */
function bind(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.message));
    server.listen({ host: address, port: 0, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
