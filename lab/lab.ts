// Starts a lab: embedded, or of the real servers when they are here.

import { StickyError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import type { LabKind } from '../model/report.ts';
import { STRATEGIES, type Strategy } from '../model/strategy.ts';
import type { LabPlan } from '../model/workload.ts';
import { startEmbedded } from './embedded/start.ts';
import { createLabInjector } from './faults.ts';
import { logTail } from './processes/child.ts';
import { createSupervisor, type Supervisor } from './processes/supervisor.ts';
import { findPrograms, type MissingProgram, type ProgramChoice, type Programs } from './real/programs.ts';
import { startReal } from './real/start.ts';
import { BACKEND_HEADER, PATH_HEADER, type Started } from './started.ts';

export interface LabChoice {
  /** `auto` takes the real lab when all programs that the strategy needs are here. */
  readonly lab: 'auto' | 'embedded' | 'real';
  readonly programs: ProgramChoice;
}

/**
 * Resolves once every process is ready. Throws PROGRAM_MISSING when the real lab is insisted on and cannot be had, PORT_IN_USE,
 * LAB_NOT_READY, COMPILE_FAILED, and the reason of `signal` as soon as that is aborted; nothing is left running then. Once it has
 * resolved, the signal means nothing any more.
 */
export async function startLab(plan: LabPlan, choice: LabChoice, signal: AbortSignal = NEVER): Promise<Lab> {
  signal.throwIfAborted();
  const decision = decide(choice, plan.strategy);
  const supervisor = await createSupervisor();
  // Without its processes a start does not last any longer.
  const interrupt = () => supervisor.stopAll();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const started = await start(plan, decision, supervisor);
    signal.throwIfAborted();
    return assemble(decision, started, supervisor);
  } catch (error) {
    await supervisor.stopAll();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

const NEVER = new AbortController().signal;

interface Decision {
  readonly kind: Exclude<LabKind, 'own'>;
  readonly reason: string;
  /** Null for the embedded lab. */
  readonly programs: Programs | null;
}

function decide({ lab, programs }: LabChoice, strategy: Strategy): Decision {
  if (lab === 'embedded') return { kind: 'embedded', reason: 'asked for by --lab embedded', programs: null };
  const search = findPrograms(programs, STRATEGIES[strategy].sessions);
  if ('missing' in search) {
    if (lab === 'real') throw missing(search.missing);
    return { kind: 'embedded', reason: `for a real lab ${listed(search.missing)} not here`, programs: null };
  }
  return {
    kind: 'real',
    reason: lab === 'real' ? 'asked for by --lab real' : `${allOf(search.found)} are all here`,
    programs: search.found,
  };
}

function allOf({ nginx, java, tomcat, redis }: Programs): string {
  const three = [`nginx ${nginx.version}`, `Tomcat ${tomcat.version}`, `Java ${java.version}`];
  return inWords(redis === null ? three : [...three, `Redis ${redis.version}`]);
}

function missing(programs: readonly MissingProgram[]): StickyError {
  const looked = programs.flatMap(({ program, looked }) => [`${program}, looked for at:`, ...looked.map((place) => `  ${place}`)]);
  const packages = programs.map((one) => one.package).join(' ');
  return new StickyError(
    'PROGRAM_MISSING',
    `a real lab was asked for, but ${listed(programs)} not here\n${looked.join('\n')}`,
    `Debian: apt-get install ${packages}. Or name it (${programs.map(({ program }) => `--${program}`).join(', ')}), or take --lab embedded.`,
  );
}

/** `nginx and redis are`. */
function listed(programs: readonly MissingProgram[]): string {
  return `${inWords(programs.map(({ program }) => program))} ${programs.length < 2 ? 'is' : 'are'}`;
}

/** `nginx, java and redis`. */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** The embedded balancer does jvm_route by maps, which is what the real lab does on a stock nginx. */
function start(plan: LabPlan, { programs }: Decision, supervisor: Supervisor): Promise<Started> {
  return programs === null ? startEmbedded(plan, supervisor, 'map') : startReal(plan, programs, supervisor);
}

function assemble({ kind, reason }: Decision, started: Started, supervisor: Supervisor): Lab {
  const { url, proxyProtocolUrl, backends, versions } = started;
  const outputs = [...supervisor.children.values()].map((child) => [child.name, child.log]);
  return {
    kind,
    reason,
    url,
    proxyProtocolUrl,
    backends,
    versions,
    identify: {
      backend: { from: 'header', header: BACKEND_HEADER },
      path: PATH_HEADER,
      names: Object.fromEntries(backends.map(({ name, address }) => [address, name])),
    },
    injector: createLabInjector(supervisor),
    logs: { ...Object.fromEntries(outputs), ...started.logs },
    died: () => firstDeath(supervisor),
    stop: () => supervisor.stopAll(),
  };
}

/** The first process that is gone though nobody condemned it. */
function firstDeath(supervisor: Supervisor): StickyError | null {
  const dead = [...supervisor.children.values()].find((child) => !child.running && !child.condemned);
  if (dead === undefined) return null;
  return new StickyError('LAB_DIED', `${dead.name}, pid ${dead.pid}, died though nobody had hurt it. Its log ends:\n${logTail(dead)}`);
}
