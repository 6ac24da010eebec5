// The soak as people read it. Pure.

import { machineText, table } from '../rig/markdown-parts.ts';
import { type Judged, latencyTrend, residentTrend, type Soak, type SoakDocument, type Trend } from './document.ts';

export function soakMarkdown(document: SoakDocument): string {
  const { soak, judged } = document;
  const parts = [
    ['# A steady load for a long time', '', ...machineText(document)],
    soak === null ? [] : soakText(soak),
    judged.length === 0 ? [] : judgedText(judged),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

function soakText(soak: Soak): readonly string[] {
  const { minutes, rate, users, busy, answer, verdict, windows } = soak;
  return [
    '## The load',
    '',
    `${users.toLocaleString('en')} users on as many connections, who think for half a second, so ${rate.toLocaleString('en')} requests a second, for ${minutes} minutes; everything on, the record too. ${busy.toFixed(2)} cores busy.`,
    '',
    `* Resident memory: ${trendText(residentTrend(soak), 'MB')}.`,
    `* Felt latency, 99th percentile: ${trendText(latencyTrend(soak), 'ms')}.`,
    `* Requests: ${countsText(soak)}.`,
    `* Report: ${verdict}. ${answer}`,
    '',
    'Slopes are by least squares, from the second minute on.',
    '',
    ...table(
      ['since', 'requests', 'p50', 'p99', 'memory'],
      windows.map(({ at, requests: count, p50, p99 }) => [
        `${at} s`,
        count.toLocaleString('en'),
        `${p50.toFixed(2)} ms`,
        `${p99.toFixed(2)} ms`,
        soak.resident[at] === undefined ? '' : `${soak.resident[at]?.toFixed(0)} MB`,
      ]),
    ),
  ];
}

/** A run asks the target one question before it begins, and does not record it. */
function countsText({ requests, rows }: Soak): string {
  const asked = requests - rows === 1 ? ', the first of which asked whether the target is there' : '';
  return `${requests.toLocaleString('en')} by the target's count${asked}; ${rows.toLocaleString('en')} rows in the record`;
}

function trendText(trend: Trend | null, unit: string): string {
  if (trend === null) return 'too short a run to tell';
  const { perHour, first, last } = trend;
  const gain = perHour === null ? 'slope not known' : `${perHour >= 0 ? '+' : ''}${perHour.toFixed(2)} ${unit} per hour`;
  return `${gain}; ${first.toFixed(2)} ${unit} in the first third, ${last.toFixed(2)} ${unit} in the last`;
}

function judgedText(judged: readonly Judged[]): readonly string[] {
  const rows = judged.map(({ what, rows: count, size, seconds, cpu, peak, same }) => [
    what,
    count.toLocaleString('en'),
    `${Math.round(size / 1e6).toLocaleString('en')} MB`,
    `${seconds.toFixed(1)} s`,
    `${cpu.toFixed(1)} s`,
    `${Math.round(peak / 1e6).toLocaleString('en')} MB`,
    same ? 'yes' : 'no',
  ]);
  const titles = ['record', 'exchanges', 'on disk', 'time', 'CPU', 'peak memory', "the run's report again"];
  return ['## Judging the record again', '', '`stickybench analyze <run>`, start-up included.', '', ...table(titles, rows)];
}
