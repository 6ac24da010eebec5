// A run under way, in one line or in a few.

import type { Micros } from '../model/units.ts';
import { count, counted, fraction, percent, significant, span, time } from './report/quantities.ts';
import { columnsOf, padded, visible } from './report/visible.ts';

/** What a run looks like now. Rates and latencies are of the last second or so, counts since run start. */
export interface ProgressView {
  /** Empty before the first phase and after the last. */
  readonly phase: string;
  readonly elapsed: Micros;
  /** Length of all phases. */
  readonly total: Micros;
  readonly users: number;
  readonly requestsPerSecond: number;
  /** Null while there were no requests. */
  readonly feltP50: Micros | null;
  readonly feltP99: Micros | null;
  /** Requests that failed or are unknown. */
  readonly errors: number;
  /** affinity.correctness so far; null when it is not observable, or not yet. */
  readonly affinity: number | null;
  /** Sessions lost so far, by cause; causes without a loss may be left out. */
  readonly losses: Readonly<Record<string, number>>;
  /** Requests answered by each backend, in the last second or so. */
  readonly backends: readonly { readonly name: string; readonly requests: number }[];
  /** Faults that hold now: `kill tomcat01`. */
  readonly hurt: readonly string[];
  readonly nextFault: { readonly text: string; readonly in: Micros } | null;
}

/** Everything that matters, for a log: no line end. */
export function progressLine(view: ProgressView): string {
  const parts = [
    `${span(view.elapsed)} of ${span(view.total)}`,
    ...(view.phase === '' ? [] : [view.phase]),
    counted(view.users, 'user'),
    `${rate(view)} req/s`,
    ...(view.feltP99 === null ? [] : [`p99 ${time(view.feltP99)}`]),
    ...(view.affinity === null ? [] : [`affinity ${fraction(view.affinity)}`]),
    `lost ${lossText(view)}`,
    `errors ${count(view.errors)}`,
    ...faultTexts(view),
  ];
  return visible(parts.join(', '));
}

/** The same for a terminal that is drawn over and over: lines of at most `width` columns, always as many as there are backends plus four. */
export function progressDisplay(view: ProgressView, width: number): readonly string[] {
  const room = Math.max(40, width);
  const share = view.total <= 0 ? 1 : Math.min(1, view.elapsed / view.total);
  const times = `${span(view.elapsed)} of ${span(view.total)}`;
  const title = view.phase === '' ? times : `${times}  ${view.phase}`;
  const lines = [
    `${bar(share, Math.min(30, room - columnsOf(times) - 4))}  ${title}`,
    columnsLine([
      ['users', count(view.users)],
      ['req/s', rate(view)],
      ['felt p50', view.feltP50 === null ? '–' : time(view.feltP50)],
      ['p99', view.feltP99 === null ? '–' : time(view.feltP99)],
    ]),
    columnsLine([
      ['affinity', view.affinity === null ? '–' : fraction(view.affinity)],
      ['lost', lossText(view)],
      ['errors', count(view.errors)],
    ]),
    ...backendLines(view, room),
    faultTexts(view).join(', ') || 'no fault ahead',
  ];
  return lines.map((line) => clipped(visible(line), room));
}

function rate({ requestsPerSecond }: ProgressView): string {
  return requestsPerSecond >= 100 ? count(Math.round(requestsPerSecond)) : significant(requestsPerSecond);
}

/** `0`, or `57 (56 failover, 1 spurious)`. */
function lossText({ losses }: ProgressView): string {
  const causes = Object.entries(losses).filter(([, lost]) => lost > 0);
  const sum = causes.reduce((total, [, lost]) => total + lost, 0);
  if (sum === 0) return '0';
  const parts = causes.toSorted(([, a], [, b]) => b - a).map(([cause, lost]) => `${count(lost)} ${cause.replaceAll('_', ' ')}`);
  return `${count(sum)} (${parts.join(', ')})`;
}

function faultTexts({ hurt, nextFault }: ProgressView): readonly string[] {
  const now = hurt.length === 0 ? [] : [`now: ${hurt.join(', ')}`];
  return nextFault === null ? now : [...now, `next: ${nextFault.text} in ${span(nextFault.in)}`];
}

function columnsLine(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${name} ${value}`).join('   ');
}

function backendLines({ backends }: ProgressView, room: number): readonly string[] {
  const sum = backends.reduce((total, { requests }) => total + requests, 0);
  const widest = Math.min(24, Math.max(0, ...backends.map(({ name }) => columnsOf(visible(name)))));
  return backends.map(({ name, requests }) => {
    const share = sum === 0 ? 0 : requests / sum;
    return `${padded(visible(name), widest, 'left')}  ${bar(share, Math.min(30, room - widest - 9))}  ${percent(share)}`;
  });
}

/** Filled for `share` of its columns. */
function bar(share: number, columns: number): string {
  const filled = Math.round(share * columns);
  return '█'.repeat(filled) + '░'.repeat(columns - filled);
}

function clipped(line: string, width: number): string {
  return columnsOf(line) <= width ? line : padded(line, width, 'left');
}
