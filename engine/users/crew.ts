// What all the users of a run have in common.

import type { EgressVia } from '../../model/egress.ts';
import type { Micros } from '../../model/units.ts';
import type { Identify, Workload } from '../../model/workload.ts';
import type { Agenda } from '../agenda.ts';
import type { Journal } from '../journal.ts';
import { exits } from '../plan/exits.ts';
import type { Slot } from '../plan/timetable.ts';
import { endOf, timetable } from '../plan/timetable.ts';
import type { Clock, Transport } from '../wire.ts';
import type { Epoch, Mint } from './cookies.ts';
import { createDisguise } from './disguise.ts';
import { compile, type Program } from './program.ts';
import { createReader, type Reader } from './reader.ts';
import { type Site, siteOf } from './site.ts';
import type { Origins } from './source.ts';
import { createUpstreams } from './upstreams.ts';
import { type Given, givenValues } from './values.ts';
import { createWatch } from './watch.ts';

/** Fixed before the run: the workload, made ready. */
export interface Plan {
  readonly seed: number;
  readonly slots: readonly Slot[];
  /** No request starts from here on. */
  readonly end: Micros;
  /** The load is an open model: users leave when their flow is over. */
  readonly open: boolean;
  readonly site: Site;
  readonly programs: readonly Program[];
  readonly weights: readonly number[];
  readonly given: Given;
  readonly origins: Origins;
  /** Header that the source address is written into; null when it is realised otherwise. */
  readonly viaHeader: string | null;
  /** Every user has connections of his own. */
  readonly ownLanes: boolean;
  readonly redirects: number;
  readonly mint: Mint;
  readonly reader: Reader;
  /** Headers that every answer is asked for; `location` is the place of Location among them. */
  readonly watched: readonly string[];
  readonly location: number;
}

/** Changing numbers of a run. */
export interface Counts {
  /** Users who are there now. */
  users: number;
  inFlight: number;
  /** Requests that were due and could not be started, since run start. */
  unstarted: number;
}

export interface Crew {
  readonly plan: Plan;
  readonly agenda: Agenda;
  readonly journal: Journal;
  readonly transport: Transport;
  readonly counts: Counts;
  readonly clock: Clock;
  /** Wall clock at run start. */
  readonly epoch: Epoch;
  /** Name of the phase in which a time falls; of the last one when it is later. */
  phaseAt(time: Micros): string;
  /** A request has ended, whichever way; called after its entry was handed over and the user has been listed for his next one. */
  settled(at: Micros): void;
  /** Something impossible happened in a callback of the transport. */
  failed(error: unknown): void;
}

/**
 * Makes a workload ready. `key` is what session ids are hashed with.
 * Throws WORKLOAD_INVALID, TARGET_INVALID, EGRESS_POOL_SMALL and EGRESS_UNAVAILABLE.
 */
export function planOf(workload: Workload, url: string, identify: Identify, key: Uint8Array): Plan {
  const { seed, users, http, scenarios } = workload;
  const site = siteOf(url);
  const watch = createWatch();
  const backends = backendsOf(workload);
  const upstreams = createUpstreams(identify.names, backends);
  const isRoute = routeTest(identify, backends);
  const disguise = createDisguise(key, isRoute);
  const slots = timetable(workload.phases);
  return {
    seed,
    slots,
    end: endOf(slots),
    open: workload.phases.some(({ model }) => model === 'open'),
    site,
    programs: scenarios.map((scenario) => compile(scenario, { site, headers: http.headers }, watch)),
    weights: scenarios.map(({ weight }) => weight),
    given: givenValues(workload, seed),
    origins: { shares: users.egress, weights: users.egress.map(({ weight }) => weight), exits: exits(users, seed), seed },
    viaHeader: headerOf(users.via),
    ownLanes: http.connections !== 'per_exit',
    redirects: http.redirects,
    mint: {
      site,
      sessionCookie: users.sessionCookie,
      sessionLine: `Cookie: ${users.sessionCookie}=`,
      backendCookie: identify.backend.from === 'cookie' ? identify.backend.cookie : null,
      disguise,
    },
    reader: createReader(identify, watch, upstreams, disguise, isRoute),
    location: watch.place('Location'),
    watched: watch.headers,
  };
}

function headerOf(via: EgressVia): string | null {
  return via.via === 'header' ? via.header : null;
}

function backendsOf({ target }: Workload): readonly string[] {
  return target.kind === 'lab' ? target.backends.map(({ name }) => name) : target.backends;
}

/**
 * Routes are the backends' names, or what the workload has names for. Where it says that the route tells the backend but lists none, anything
 * that looks like a host name is one.
 */
function routeTest({ backend, names }: Identify, backends: readonly string[]): (rest: string) => boolean {
  const known = new Set([...backends, ...Object.entries(names).flat()]);
  if (backend.from === 'route' && known.size === 0) return (rest) => /^[\w-]{1,63}$/.test(rest);
  return (rest) => known.has(rest);
}
