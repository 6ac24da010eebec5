// The block `faults`: what is hurt, when and for how long.

import { z } from 'zod';
import type { Fault, FaultAction, HttpCall, LabFaultKind } from '../../model/fault.ts';
import { STRATEGIES, type Strategy } from '../../model/strategy.ts';
import type { Micros } from '../../model/units.ts';
import { didYouMean } from '../problems/nearest.ts';
import { type Finding, finding, findingAtKey } from '../problems/problem.ts';
import { formatDuration } from '../values/duration.ts';
import { duration, httpUrl, positiveDuration, text } from '../values/leaves.ts';
import { type IssueParams, mapping } from '../values/shapes.ts';

export const LAB_FAULTS: readonly LabFaultKind[] = ['kill', 'stop', 'pause', 'restart'];
const KINDS = ['kill', 'stop', 'pause', 'restart', 'exec', 'http'] as const;
const CALLS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const A_CALL = 'a request such as { post: https://admin.example.com/down }';
const url = httpUrl.optional();

const callShape = mapping(A_CALL, { get: url, post: url, put: url, patch: url, delete: url }).transform((given, context): HttpCall => {
  const [method, second] = CALLS.filter((call) => given[call] !== undefined);
  if (method !== undefined && second === undefined) return { method: method.toUpperCase(), url: given[method] ?? '' };
  const params: IssueParams = { hint: '', part: 'value' };
  context.issues.push({ code: 'custom', message: A_CALL, params, input: given });
  return z.NEVER;
});

const target = text.optional();

export const faultShape = mapping(
  'a fault such as { at: 10s, kill: tomcat01, for: 5s }',
  {
    at: duration.describe('When, since the start of the run.'),
    for: positiveDuration.optional().describe('How long it holds; left out, until the run ends.'),
    kill: target.describe('Ends the process at once (SIGKILL), and starts it again when the time is over.'),
    stop: target.describe('Asks the process to end (SIGTERM), and starts it again when the time is over.'),
    pause: target.describe('Freezes the process (SIGSTOP), and lets it go on when the time is over.'),
    restart: target.describe('Asks the process to end (SIGTERM) and starts it again at once.'),
    exec: text
      .optional()
      .describe('A shell command that hurts your own deployment. It is recorded as written: put no password in it, but have it read one.'),
    http: callShape.optional().describe('A request that hurts your own deployment.'),
    undo: z
      .union([text, callShape], { error: `a shell command, or ${A_CALL}` })
      .optional()
      .describe('What heals it: a shell command for exec (recorded as written, too), a request for http.'),
    target: target.describe('For exec and http: the backend that is hurt, so that losses can be told apart.'),
  },
  { duration: 'Write for.', command: 'Write exec.', node: 'Write the name after the kind, as in kill: tomcat01.', after: 'Write at.' },
);

export type FaultDraft = z.output<typeof faultShape>;

/** What a fault is judged against; null where a mistake hides it. */
export interface FaultSurroundings {
  readonly kind: 'lab' | 'own' | null;
  /** Names of the backends; null too where the user does not say them. */
  readonly backends: readonly string[] | null;
  readonly strategy: Strategy | null;
  readonly runLength: Micros | null;
}

/** What is wrong with the keys of one fault and between it and the rest of the file. */
export function checkFault(draft: FaultDraft, index: number, around: FaultSurroundings): Finding[] {
  const path = ['faults', index];
  const [kind, second] = KINDS.filter((key) => draft[key] !== undefined);
  if (kind === undefined) return [finding(path, `a fault with one of the keys ${KINDS.join(', ')}`)];
  if (second !== undefined)
    return [findingAtKey([...path, second], 'one kind per fault', `${kind} is one already; begin a new fault for ${second}.`)];
  return [...checkTiming(draft, path, around.runLength), ...checkBeside(draft, kind, path), ...checkTarget(draft, kind, path, around)];
}

/** Faults that would hurt what is hurt already. */
export function checkOverlaps(drafts: readonly (FaultDraft | null)[]): Finding[] {
  return drafts.flatMap((draft, index) => {
    if (draft === null) return [];
    const earlier = drafts.findIndex(
      (other, at) => at !== index && other !== null && hurtBy(other, draft) && (other.at < draft.at || at < index),
    );
    if (earlier < 0) return [];
    const name = labTarget(draft) ?? '';
    return [finding(['faults', index, 'at'], `a time when ${name} is not hurt already`, `${name} is hurt by faults[${earlier}] then.`)];
  });
}

/** The fault of a draft that `checkFault` has nothing against. */
export function resolveFault(draft: FaultDraft): Fault {
  return { at: draft.at, duration: draft.for ?? null, action: actionOf(draft) };
}

function actionOf(draft: FaultDraft): FaultAction {
  for (const kind of LAB_FAULTS) {
    const target = draft[kind];
    if (target !== undefined) return { kind, target };
  }
  const { exec, http, undo = null, target = '' } = draft;
  if (exec !== undefined && typeof undo !== 'object') return { kind: 'exec', target, run: exec, undo };
  if (exec !== undefined && undo === null) return { kind: 'exec', target, run: exec, undo: null };
  if (http !== undefined && typeof undo !== 'string') return { kind: 'http', target, request: http, undo };
  throw new Error('impossible fault: checkFault lets none pass without a kind, or with an undo of another kind');
}

function labTarget(draft: FaultDraft): string | null {
  return draft.kill ?? draft.stop ?? draft.pause ?? draft.restart ?? null;
}

function hurtBy(earlier: FaultDraft, later: FaultDraft): boolean {
  const target = labTarget(earlier);
  if (target === null || target !== labTarget(later) || later.at < earlier.at) return false;
  if (later.at === earlier.at) return true;
  if (earlier.restart !== undefined) return false;
  return earlier.for === undefined || later.at < earlier.at + earlier.for;
}

function checkTiming(draft: FaultDraft, path: readonly PropertyKey[], runLength: Micros | null): Finding[] {
  const found: Finding[] = [];
  if (runLength !== null && draft.at >= runLength) {
    const length = formatDuration(runLength);
    found.push(finding([...path, 'at'], `a time within the run, before ${length}`, `The phases last ${length} together.`));
  }
  if (draft.restart !== undefined && draft.for !== undefined) {
    found.push(
      findingAtKey([...path, 'for'], 'no duration for a restart', 'It starts again at once. To keep it down, write stop or kill.'),
    );
  }
  return found;
}

function checkBeside(draft: FaultDraft, kind: (typeof KINDS)[number], path: readonly PropertyKey[]): Finding[] {
  const found: Finding[] = [];
  if (kind === 'exec' && typeof draft.undo === 'object') {
    found.push(finding([...path, 'undo'], 'a shell command, as exec is one'));
  }
  if (kind === 'http' && typeof draft.undo === 'string') found.push(finding([...path, 'undo'], `${A_CALL}, as http is one`));
  if (kind === 'exec' || kind === 'http') return found;
  if (draft.undo !== undefined)
    found.push(findingAtKey([...path, 'undo'], `no undo for ${kind}`, 'A lab heals its own processes when `for` is over.'));
  if (draft.target !== undefined) found.push(findingAtKey([...path, 'target'], `the target after ${kind}, as in ${kind}: ${draft.target}`));
  return found;
}

function checkTarget(draft: FaultDraft, kind: (typeof KINDS)[number], path: readonly PropertyKey[], around: FaultSurroundings): Finding[] {
  const isLabFault = kind !== 'exec' && kind !== 'http';
  if (isLabFault && around.kind === 'own') {
    const hint = `stickybench hurts only processes that it started itself; let a command or a request ${kind} it.`;
    return [findingAtKey([...path, kind], 'exec or http, for the target is your own', hint)];
  }
  const name = isLabFault ? draft[kind] : draft.target;
  const known = knownTargets(around);
  if (name === undefined || known === null || known.includes(name)) return [];
  const at = isLabFault ? [...path, kind] : [...path, 'target'];
  const store = name === 'store' ? 'This strategy has no store: each backend keeps its own sessions.' : '';
  return [finding(at, `one of ${known.join(', ')}`, store || didYouMean(name, known))];
}

function knownTargets({ kind, backends, strategy }: FaultSurroundings): readonly string[] | null {
  if (backends === null) return null;
  const isStoreless = kind === 'lab' && strategy !== null && STRATEGIES[strategy].sessions === 'memory';
  // Each once, though the file may wrongly name a backend twice, or after one of the others.
  return [...new Set([...backends, ...(isStoreless ? [] : ['store']), 'balancer'])];
}
