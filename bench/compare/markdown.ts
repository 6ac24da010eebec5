// The comparison as people read it. Pure.

import type { Spread } from '../rig/figures.ts';
import { machineText, table } from '../rig/markdown-parts.ts';
import type { BenchDocument, MemoryResult, RowResult, SectionResult, SeenResult } from './document.ts';
import { summarise } from './summary.ts';
import { judge, targetLine } from './targets.ts';

/** The whole document as Markdown. */
export function markdown(document: BenchDocument): string {
  const { sections } = document;
  const parts = [
    heading(document),
    verdict(document),
    ...sections.map(sectionText),
    doesText(sections),
    seenText(document.seen),
    afterText(sections),
    memoryText(document.memory),
    doubtsText(document),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function heading(document: BenchDocument): string {
  const { took, settings } = document;
  return [
    '# What a request costs',
    '',
    ...machineText(document),
    `It took ${(took / 60).toFixed(0)} minutes.`,
    '',
    `One nginx worker has core 0, the client core 1. Clients take turns on the same nginx, round by round; every second round goes the other way.`,
    `Cost is the CPU time of the client's whole process tree, user and system, over ${settings.window} s after ${settings.warmUp} s of load, divided by the target's own count: medians, and`,
    `in parentheses the lowest and highest. Ratios are to the first row of the same round: below 1 is cheaper. Rates say more about the machine than about the client: the target's core is`,
    `often the limit.`,
  ].join('\n');
}

function verdict(document: BenchDocument): string {
  return ['## Targets', '', ...judge(document).map((result) => `* ${targetLine(result)}`)].join('\n');
}

function sectionText(section: SectionResult): string {
  const { title, about, unit, rows } = section;
  const lines = summarise(section).map(({ name, cost, ratio, rate, targetCost, clientBusy, targetBusy }) => [
    name,
    spreadText(cost),
    spreadText(ratio),
    rate === null ? '' : Math.round(rate).toLocaleString('en'),
    fixed(clientBusy),
    fixed(targetCost),
    fixed(targetBusy),
  ]);
  const failures = rows.flatMap(({ name, failed, runs }) =>
    failed === null ? [] : [`* ${name}, ${runs.length} rounds measured: ${failed.split('\n')[0]}`],
  );
  const titles = ['client', `µs per ${unit}`, 'ratio', 'per second', 'cores busy', 'target µs', 'target cores'];
  return [
    `## ${title}`,
    '',
    about,
    '',
    ...table(titles, lines),
    ...(failures.length > 0 ? ['', 'Not every round could be measured:', '', ...failures] : []),
  ].join('\n');
}

function doesText(sections: readonly SectionResult[]): string {
  if (sections.length === 0) return '';
  const rows = new Map(sections.flatMap(({ rows }) => rows.map((row): [string, RowResult] => [row.key, row])));
  const lines = [...rows.values()].map(({ name, does }) => [name, does.users, does.cookie, does.answers, does.record]);
  const titles = ['client', 'users', 'cookie it sends', 'reads of an answer', 'keeps'];
  return ['## What each does for a request', '', ...table(titles, lines)].join('\n');
}

function seenText(seen: readonly SeenResult[]): string {
  if (seen.length === 0) return '';
  const lines = seen.map(({ section, name, seen: { requests, bare, cookies, addresses, connections, cookiesPerConnection } }) => [
    section === 'login-storm' ? `${name}, login storm` : name,
    ...[requests, bare, cookies, addresses, connections, cookiesPerConnection].map((count) => count.toLocaleString('en')),
  ]);
  const titles = ['client', 'requests', 'without cookie', 'sessions', 'addresses', 'connections', 'sessions per connection'];
  const about =
    'A second or more of each, from the log of the target. A client with users of its own keeps each session on its own connection, unless its id changes.';
  return ['## What the target saw', '', about, '', ...table(titles, lines)].join('\n');
}

function afterText(sections: readonly SectionResult[]): string {
  const lines = sections.flatMap((section) =>
    section.rows.flatMap(({ name, runs }) => {
      const after = runs.flatMap((run) => run.after ?? []);
      if (after.length === 0) return [];
      const middle = after.toSorted((a, b) => a.seconds - b.seconds)[after.length >> 1];
      return middle === undefined
        ? []
        : [[section.title, name, middle.requests.toLocaleString('en'), fixed(middle.seconds), fixed(middle.cpu), fixed(middle.wholeCost)]];
    }),
  );
  if (lines.length === 0) return '';
  const titles = ['section', 'client', 'requests', 'seconds after the load', 'CPU seconds after it', 'µs per request, all in'];
  const about =
    'From the last answer to the end of the process: the end of the record, the report. All in: start-up and ending too, which weigh much in a run of some seconds.';
  return ['## After the load', '', about, '', ...table(titles, lines)].join('\n');
}

function memoryText(memory: readonly MemoryResult[]): string {
  if (memory.length === 0) return '';
  const lines = memory.map(({ tool, user, users, resident, peak, perUser, startUp }) => [
    tool,
    user,
    users.toLocaleString('en'),
    `${Math.round(resident / 1e6)} MB`,
    `${Math.round(peak / 1e6)} MB`,
    `${Math.round(perUser).toLocaleString('en')} bytes`,
    `${startUp.toFixed(1)} s`,
  ]);
  const titles = ['tool', 'a user is', 'users', 'resident', 'peak', 'each', 'first request after'];
  const about = 'wrk, ab, h2load and hey have no users. Each: resident memory beyond that of ten users, divided by the users.';
  return ['## Memory', '', about, '', ...table(titles, lines)].join('\n');
}

/** From this much work of others on, in cores, a window is no quiet one. */
const DISTURBED = 0.1;

function doubtsText({ sections, leftOut }: BenchDocument): string {
  const runs = sections.flatMap(({ rows }) => rows.flatMap((row) => row.runs));
  const disturbed = runs.filter(({ othersBusy, stolen }) => othersBusy + stolen > DISTURBED);
  const wrong = sections.flatMap(({ title, rows }) =>
    rows.flatMap(({ name, runs: its }) => (its.some((run) => run.wrong > 0) ? [`* ${title}, ${name}: not every answer was a 200.`] : [])),
  );
  const lines = [
    ...(disturbed.length === 0
      ? []
      : [
          `* In ${disturbed.length} of ${runs.length} windows other processes, or other guests of the host, took more than ${DISTURBED} of a core (at most ${fixed(Math.max(...disturbed.map(({ othersBusy, stolen }) => othersBusy + stolen)))}). Trust ratios before costs.`,
        ]),
    ...wrong,
    ...leftOut.map(({ what, why }) => `* Left out: ${what}: ${why.split('\n')[0]}.`),
  ];
  return lines.length === 0 ? '' : ['## Doubts', '', ...lines].join('\n');
}

function spreadText(spread: Spread | null): string {
  if (spread === null) return 'not measured';
  const { median, low, high, n } = spread;
  return n === 1 ? fixed(median) : `${fixed(median)} (${fixed(low)} to ${fixed(high)})`;
}

function fixed(value: number | null): string {
  return value === null ? '' : value.toFixed(2);
}
