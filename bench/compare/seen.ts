// What each client really sends, from the log of the target.

import { setTimeout as sleep } from 'node:timers/promises';
import { environmentOf, startClient } from '../rig/client.ts';
import { CLIENT_CORE, type Target } from '../rig/target.ts';
import type { SeenResult } from './document.ts';
import { taskOf } from './measure.ts';
import type { Plan } from './plan.ts';
import type { Row } from './rows.ts';
import type { Say } from './say.ts';
import type { Section } from './sections.ts';
import { seenIn } from './seen-text.ts';

/** Sections whose clients are looked at: the target's log tells what each really sends. */
const LOOKED_AT = ['keep-alive-64', 'login-storm'];

/** Looks at each client of each such section. */
export async function lookAtClients(target: Target, { sections, options }: Plan, say: Say): Promise<readonly SeenResult[]> {
  const results: SeenResult[] = [];
  for (const { section, rows } of sections.filter(({ section: { key } }) => LOOKED_AT.includes(key))) {
    for (const row of rows) {
      say(`${section.title}: what ${row.name} sends`);
      const lines = await linesOf(target, section, row, options.dist);
      if (lines.length > 0) results.push({ section: section.key, row: row.key, name: row.name, seen: seenIn(lines) });
    }
  }
  return results;
}

/** Seconds that a slow client is looked at. */
const LONGEST_LOOK = 8;

/** A client's requests of a second or more, once it is under way: some fifty on each connection. Nothing when it does not get there: its turns have said why. */
async function linesOf(target: Target, section: Section, row: Row, dist: string): Promise<readonly string[]> {
  const task = { ...taskOf(target, section, dist, 2 * LONGEST_LOOK), url: target.url('seen') };
  const load = 10 * section.connections;
  const start = { command: row.command(task), cores: `${CLIENT_CORE}`, env: environmentOf(dist), load, patience: 30 };
  const client = await startClient(target, start).catch(() => null);
  if (client === null) return [];
  try {
    target.seen();
    const before = await client.requests();
    const deadline = performance.now() + LONGEST_LOOK * 1000;
    do await sleep(1000);
    while ((await client.requests()) - before < 50 * section.connections && performance.now() < deadline);
    return target.seen();
  } finally {
    await client.stop();
  }
}
