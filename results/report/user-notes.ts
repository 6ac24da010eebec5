// What changed with each request of one user: told, not judged.

import type { Answered, Exchange } from '../../model/entry.ts';
import { core, route, type SessionTag } from '../../model/session.ts';
import { count } from './quantities.ts';

/** Notes to each of the user's exchanges, in their order. Most have none. */
export function notesOf(exchanges: readonly Exchange[]): readonly (readonly string[])[] {
  const before: Before = { egress: null, backend: null, counters: new Map() };
  return exchanges.map((exchange) => {
    const notes = [...egressNote(exchange, before), ...outcomeNotes(exchange, before)];
    remember(exchange, before);
    return notes;
  });
}

/** First characters of the id, enough to tell a user's few sessions apart, and its route: `9f2c41.tomcat01`. */
export function shortTag(tag: SessionTag): string {
  const start = core(tag).slice(0, 6);
  return route(tag) === '' ? start : `${start}.${route(tag)}`;
}

/** What earlier requests of the user had. */
interface Before {
  egress: string | null;
  backend: string | null;
  readonly counters: Map<string, number>;
}

function remember({ egress, key, outcome }: Exchange, before: Before): void {
  before.egress = egress;
  if (outcome.kind !== 'answered') return;
  before.backend = outcome.backend ?? before.backend;
  if (outcome.counter !== null) before.counters.set(key, outcome.counter);
}

function egressNote({ egress }: Exchange, before: Before): readonly string[] {
  return before.egress === null || before.egress === egress ? [] : [`now from ${egress}`];
}

function outcomeNotes(exchange: Exchange, before: Before): readonly string[] {
  const { outcome } = exchange;
  if (outcome.kind === 'refused') return [`${outcome.reason}: never sent`];
  if (outcome.kind === 'lost') return [`${outcome.reason}: perhaps executed`];
  return [...routeNotes(outcome, before), ...sessionNotes(exchange, outcome), ...counterNote(exchange, outcome, before)];
}

function routeNotes({ path, backend, met }: Answered, before: Before): readonly string[] {
  const notes = met ? [] : ['not as the workload expects'];
  if (path.length > 1) notes.push(`tried ${path.join(', then ')}`);
  if (backend !== null && before.backend !== null && backend !== before.backend) notes.push(`moved from ${before.backend} to ${backend}`);
  return notes;
}

function sessionNotes({ session, op }: Exchange, { set, deleted, created, effective }: Answered): readonly string[] {
  const notes: string[] = [];
  if (created === true) notes.push(session === null ? 'session created' : 'a new session was created although it carried one');
  if (set !== null) notes.push(session !== null && op === 'rotate' ? `id changed to ${shortTag(set)}` : `given ${shortTag(set)}`);
  else if (effective !== null && session !== null && core(effective) !== core(session))
    notes.push(`the server used ${shortTag(effective)}`);
  if (deleted) notes.push('session cookie deleted');
  return notes;
}

function counterNote({ key }: Exchange, { counter }: Answered, before: Before): readonly string[] {
  const last = before.counters.get(key);
  if (counter === null || last === undefined || counter >= last) return [];
  const whose = key === 'counter' ? '' : ` of ${key}`;
  return [`counter${whose} fell from ${count(last)} to ${count(counter)}`];
}
