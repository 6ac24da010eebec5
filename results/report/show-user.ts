// One user's history as a person reads it: request by request, with what happened around them.

import { type Entry, type Exchange, type FaultEvent, felt, type PhaseMark } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import { assertNever } from '../../model/never.ts';
import { core } from '../../model/session.ts';
import type { Micros } from '../../model/units.ts';
import { type Column, left, plain, quiet, type Row, right } from './document.ts';
import { type Paint, paintFor } from './paint.ts';
import { count, counted, moment, time } from './quantities.ts';
import { tableRows } from './table-lines.ts';
import type { TextLook } from './text.ts';
import { notesOf, shortTag } from './user-notes.ts';
import { visible, wrap } from './visible.ts';

/**
 * The user's exchanges in the order they were sent, each with what it changed, and phases and faults where they fell.
 * @throws StickyError USER_NOT_FOUND when none of the entries is an exchange of that user.
 */
export function showUser(entries: Iterable<Entry>, user: number, look: Pick<TextLook, 'colour' | 'width'>): string {
  const exchanges: Exchange[] = [];
  const marks: Mark[] = [];
  for (const entry of entries) {
    if (entry.kind === 'exchange' && entry.user === user) exchanges.push(entry);
    if (entry.kind === 'fault' || entry.kind === 'phase') marks.push(entry);
  }
  if (exchanges.length === 0) throw new StickyError('USER_NOT_FOUND', `The record has no exchange of user ${user}.`);
  exchanges.sort((a, b) => a.sent - b.sent || a.seq - b.seq);
  const paint = paintFor(look.colour);
  const width = Math.min(140, Math.max(40, look.width));
  const lines = [paint(`User ${user}`, 'title'), ...wrap(summary(exchanges), width), '', ...history(exchanges, marks, width, paint)];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function summary(exchanges: readonly Exchange[]): string {
  const first = exchanges[0]?.sent ?? 0;
  const last = exchanges.at(-1)?.done ?? 0;
  const answered = exchanges.flatMap(({ outcome }) => (outcome.kind === 'answered' ? [outcome] : []));
  const sessions = new Set(answered.flatMap(({ set, effective }) => set ?? effective ?? []).map(core)).size;
  const backends = [...new Set(answered.flatMap(({ backend }) => backend ?? []))].map(visible);
  const parts = [
    counted(exchanges.length, 'request'),
    `from ${moment(first)} to ${moment(last)}`,
    counted(sessions, 'session'),
    `answered by ${backends.length === 0 ? 'backends that gave no name' : backends.join(', ')}`,
  ];
  return parts.join(', ');
}

const COLUMNS: readonly Column[] = [
  right('sent'),
  left('request'),
  { ...left('op'), optional: true },
  left('carried'),
  left('backend'),
  left('status'),
  right('felt'),
  right('counter'),
];

/** The table's lines, with the lines of marks before the first exchange sent after them, and of notes behind their exchange. */
function history(exchanges: readonly Exchange[], marks: readonly Mark[], width: number, paint: Paint): readonly string[] {
  const told = marks.toSorted((a, b) => a.at - b.at);
  const clock = clockFor(exchanges.at(-1)?.sent ?? 0, told.at(-1)?.at ?? 0);
  const table = { kind: 'table' as const, columns: COLUMNS, rows: exchanges.map((exchange) => row(exchange, clock)) };
  const { head, rows } = tableRows(table, width, paint);
  const notes = notesOf(exchanges);
  const lines = [...head];
  let next = 0;
  const tell = (before: Micros): void => {
    for (let mark = told[next]; mark !== undefined && mark.at <= before; mark = told[++next])
      lines.push(...aside(`  ${clock(mark.at)}  ── `, markText(mark), width).map((line) => paint(line, toneOf(mark))));
  };
  for (const [place, exchange] of exchanges.entries()) {
    tell(exchange.sent);
    lines.push(...(rows[place] ?? []));
    const note = notes[place] ?? [];
    const indent = ' '.repeat(clock(0).length + 6);
    if (note.length > 0) lines.push(...aside(indent, note.join('; '), width).map((line) => paint(line, 'quiet')));
  }
  tell(Number.POSITIVE_INFINITY);
  return lines;
}

type Mark = FaultEvent | PhaseMark;

/** Moments all as wide as the widest. */
function clockFor(...latest: readonly Micros[]): (at: Micros) => string {
  const widest = Math.max(...latest.map((at) => moment(at).length));
  return (at) => moment(at).padStart(widest);
}

/** A text behind its lead, made visible, wrapped lines below its beginning. */
function aside(lead: string, text: string, width: number): readonly string[] {
  const lines = wrap(visible(text), width - lead.length);
  return lines.map((line, at) => (at === 0 ? lead : ' '.repeat(lead.length)) + line);
}

function row(exchange: Exchange, clock: (at: Micros) => string): Row {
  const { outcome, session } = exchange;
  const answer = outcome.kind === 'answered' ? outcome : null;
  const cells = [
    plain(clock(exchange.sent)),
    plain(exchange.name),
    quiet(exchange.op),
    session === null ? quiet('none') : plain(shortTag(session)),
    answer === null ? plain('') : answer.backend === null ? quiet('?') : plain(answer.backend),
    statusCell(exchange),
    plain(time(felt(exchange))),
    plain(answer === null || answer.counter === null ? '' : count(answer.counter)),
  ];
  return { level: 0, cells };
}

function statusCell({ outcome }: Exchange): Row['cells'][number] {
  switch (outcome.kind) {
    case 'answered':
      return { text: String(outcome.status), tone: outcome.met ? 'plain' : 'fail' };
    case 'refused':
      return { text: 'refused', tone: 'fail' };
    case 'lost':
      return { text: 'lost', tone: 'unknown' };
    default:
      return assertNever(outcome);
  }
}

function toneOf(mark: Mark): 'quiet' | 'unknown' {
  return mark.kind === 'fault' ? 'unknown' : 'quiet';
}

function markText(mark: Mark): string {
  if (mark.kind === 'phase') return `phase ${mark.name} ${mark.stage}`;
  const stage = mark.stage === 'ending' ? 'is being undone' : mark.stage;
  return `${`${mark.action} ${mark.target}`.trim()} ${stage}${mark.detail === '' ? '' : `: ${mark.detail}`}`;
}
