// Before a run: does this machine have the source addresses, open files and ports that the load wants?

import { StickyError } from '../model/errors.ts';
import { WHOLE, type Workforce } from '../model/shard.ts';
import type { Workload } from '../model/workload.ts';
import { type Machine, OWN_FILES, thisMachine } from './limits-machine.ts';
import { unusableSources } from './limits-sources.ts';
import { connectionsWanted, type Need } from './limits-wanted.ts';
import { ownPortCount } from './transport/ports.ts';

/** From so many connections of one source address on it matters who chooses their ports. */
const MANY = 1000;
/** A range that leaves ports enough, and is what Linux begins with. */
const USUAL_RANGE = '32768 60999';
const SETTING = 'sysctl -w net.ipv4.ip_local_port_range';

/**
 * Compares what the load wants with what the machine has. What is certainly too little is refused: throws EGRESS_UNAVAILABLE, OPEN_FILES_FEW,
 * SOURCE_PORTS_FEW, and EGRESS_POOL_SMALL. What may be too little is returned, a text for the user each.
 */
export async function checkLimits(workload: Workload, workforce: Workforce): Promise<readonly string[]> {
  await checkSources(workload);
  return weighLimits(workload, workforce, thisMachine());
}

/** The same for a machine that is described, source addresses left out. */
export function weighLimits(workload: Workload, workforce: Workforce, machine: Machine): readonly string[] {
  const { perSource, texts } = ports(workload, workforce, machine);
  const bound = workload.users.via.via === 'bind';
  return [
    ...openFiles(workload, workforce, machine),
    ...texts,
    ...(bound ? [...slowPorts(perSource, machine), ...restingPorts(machine)] : []),
  ];
}

async function checkSources({ users, seed }: Workload): Promise<void> {
  if (users.via.via !== 'bind') return;
  const { tried, unusable, why } = await unusableSources(users, seed);
  const [first] = unusable;
  if (first === undefined) return;
  const { address, prefix } = users.pool;
  throw new StickyError(
    'EGRESS_UNAVAILABLE',
    `${unusable.length} of ${tried} source addresses tried from users.pool ${address}/${prefix} cannot be bound, first ${first} (${why}).`,
    `Give this machine the addresses (Linux: \`ip route add local ${address}/${prefix} dev lo\` binds them all), use some it has (on Linux all of 127.0.0.0/8), or take \`via: header\`.`,
  );
}

function openFiles(workload: Workload, { count, as }: Workforce, { openFiles: limit }: Machine): readonly string[] {
  if (limit === null) return [];
  const processes = as === 'processes' ? count : 1;
  const { inAll } = connectionsWanted(workload, { index: 0, of: processes });
  const room = limit - OWN_FILES;
  const each = processes === 1 ? '' : ` in each of ${processes} worker processes`;
  const remedy = (connections: number) => {
    const enough = Math.ceil((connections * processes) / Math.max(1, room));
    return `Raise the limit (\`ulimit -n ${connections + OWN_FILES}\`, as root), or spread the users over processes with \`--workers ${Math.max(2, enough)}\`.`;
  };
  return judge(inAll, room, {
    refused: (connections) =>
      new StickyError(
        'OPEN_FILES_FEW',
        `The load needs ${figure(connections)} connections at one time${each}, and a process may open ${figure(limit)} files here.`,
        remedy(connections),
      ),
    warning: (connections) =>
      `The load may want ${figure(connections)} connections at one time${each}, and a process may open ${figure(limit)} files here: ` +
      `beyond, those that have been idle longest are closed early, and their users connect again. ${remedy(connections)}`,
  });
}

interface PortsWanted {
  readonly perSource: Need;
  readonly texts: readonly string[];
}

function ports(workload: Workload, { count }: Workforce, { ephemeral }: Machine): PortsWanted {
  const bound = workload.users.via.via === 'bind';
  const shard = { index: 0, of: count };
  const own = bound ? ownPortCount(ephemeral, shard) : 0;
  // Ports that the system chooses are there for all workers.
  const { perSource } = connectionsWanted(workload, own > 0 ? shard : WHOLE);
  const room = own > 0 ? own : ephemeral[1] - ephemeral[0] + 1;
  const who = own > 0 && count > 1 ? ' for each worker' : '';
  const has = `connections at one time from one source address, which has ${figure(room)} ports${who}`;
  const remedy = bound
    ? 'Let the users leave by more addresses: a wider `users.pool`, or more `exits`.'
    : `Set \`${SETTING}="1024 65535"\`, or take \`via: bind\` with several source addresses.`;
  const texts = judge(perSource, room, {
    refused: (connections) => new StickyError('SOURCE_PORTS_FEW', `The load needs ${figure(connections)} ${has}.`, remedy),
    warning: (connections) => `The load may want ${figure(connections)} ${has}: beyond, requests are refused as \`no-port\`. ${remedy}`,
  });
  return { perSource, texts };
}

/** What becomes of many connections when the system chooses their ports: transport/ports.ts says why. */
function slowPorts({ atMost }: Need, { ephemeral }: Machine): readonly string[] {
  if (ownPortCount(ephemeral, WHOLE) > 0 || atMost <= MANY) return [];
  return [
    `net.ipv4.ip_local_port_range is ${ephemeral.join(' to ')} and leaves no source ports of our own: the system chooses them, and takes ever ` +
      `longer after some 7,000 connections per source address. Set \`${SETTING}="${USUAL_RANGE}"\`.`,
  ];
}

function restingPorts({ timestamps }: Machine): readonly string[] {
  if (timestamps) return [];
  return [
    'net.ipv4.tcp_timestamps is 0: the source port of a connection that we close rests for a minute. Set `sysctl -w net.ipv4.tcp_timestamps=1`.',
  ];
}

interface Words {
  refused(connections: number): StickyError;
  warning(connections: number): string;
}

function judge({ surely, atMost }: Need, room: number, words: Words): readonly string[] {
  if (surely > room) throw words.refused(surely);
  return atMost > room ? [words.warning(atMost)] : [];
}

function figure(number: number): string {
  return number.toLocaleString('en');
}
