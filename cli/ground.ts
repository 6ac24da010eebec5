// What a workload is run against: a lab started for it, or the user's own deployment.

import { preflight } from '../engine/preflight.ts';
import { createOwnInjector } from '../lab/faults.ts';
import { startLab } from '../lab/lab.ts';
import type { StickyError } from '../model/errors.ts';
import type { Injector } from '../model/fault.ts';
import type { LabKind } from '../model/report.ts';
import type { Identify, Workload } from '../model/workload.ts';

/** Which lab the user wants, and where its programs are when they are not in their usual places. */
export interface LabChoice {
  readonly lab: 'auto' | 'embedded' | 'real';
  readonly programs: { readonly nginx?: string; readonly java?: string; readonly tomcat?: string; readonly redis?: string };
}

export interface Ground {
  readonly kind: LabKind;
  /** Why this kind was taken. */
  readonly reason: string;
  readonly url: string;
  /** The same for requests that begin with no PROXY protocol header. */
  readonly plainUrl: string;
  readonly identify: Identify;
  readonly injector: Injector;
  readonly versions: Readonly<Record<string, string>>;
  readonly logs: Readonly<Record<string, string>>;
  /** Why the ground gave way during the run, though no fault asked for it; null when it held. */
  died(): StickyError | null;
  stop(): Promise<void>;
}

/** Starts the lab, or makes sure that the target is there. Throws StickyErrors, and the signal's reason when it is aborted; nothing is left running then. */
export async function prepareGround(workload: Workload, choice: LabChoice, signal: AbortSignal): Promise<Ground> {
  if (workload.target.kind === 'lab') {
    const lab = await startLab(workload.target, choice, signal);
    return { ...lab, plainUrl: lab.url, url: workload.users.via.via === 'proxy_protocol' ? lab.proxyProtocolUrl : lab.url };
  }
  const { url } = workload.target;
  await preflight(workload, url);
  return {
    kind: 'own',
    reason: 'the workload names a target',
    url,
    plainUrl: url,
    identify: workload.identify,
    injector: createOwnInjector(),
    versions: {},
    logs: {},
    died: () => null,
    stop: async () => {},
  };
}
