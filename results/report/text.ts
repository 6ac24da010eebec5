// A report for a terminal or a log.

import type { Report } from '../../model/report.ts';
import type { Block, Section, Tone } from './document.ts';
import { documentOf } from './document-of.ts';
import { type Paint, paintFor } from './paint.ts';
import { tableLines } from './table-lines.ts';
import { columnsOf, visible, wrap } from './visible.ts';

export interface TextLook {
  readonly colour: boolean;
  /** Columns of the terminal; 40 are used at least, 140 at most. */
  readonly width: number;
  /** Where the run's files are; null when there are none. */
  readonly folder: RunPlace | null;
}

export interface RunPlace {
  readonly path: string;
  /** What the commands call this run: `latest`, or a path. */
  readonly name: string;
  /** Names of the files that are there. Without a record among them, nothing can be shown or analyzed again. */
  readonly files: readonly string[];
}

/**
 * Verdict, answer, tables, evidence, doubts, and where to look closer. Plain text without colour; what comes from outside is made visible,
 * so nothing in it reaches the terminal as a control sequence.
 */
export function reportText(report: Report, look: TextLook): string {
  const width = Math.min(140, Math.max(40, look.width));
  const paint = paintFor(look.colour);
  const { verdict, name, because, answer, setting, sections } = documentOf(report);
  const [first = '', ...rest] = wrap(visible(because === '' ? name : `${name}: ${because}`), width - verdict.length - 2);
  const lines = [
    `${paint(verdict.toUpperCase(), verdict)}  ${paint(first, 'title')}`,
    ...rest.map((line) => paint(' '.repeat(verdict.length + 2) + line, 'title')),
    '',
    ...wrap(visible(answer), width),
    '',
    ...wrap(visible(setting), width).map((line) => paint(line, 'quiet')),
    ...sections.flatMap((section) => sectionLines(section, width, paint)),
    ...(look.folder === null ? [] : closerLines(report, look.folder, width, paint)),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function sectionLines({ title, aside, blocks }: Section, width: number, paint: Paint): readonly string[] {
  return ['', ...headingLines(title, visible(aside), width, paint), ...blocks.flatMap((block) => blockLines(block, width, paint))];
}

/** The aside stands beside the title, or below it where room is short. */
function headingLines(title: string, aside: string, width: number, paint: Paint): readonly string[] {
  if (aside === '') return [paint(title, 'title')];
  if (columnsOf(title) + 2 + columnsOf(aside) <= width) return [`${paint(title, 'title')}  ${paint(aside, 'quiet')}`];
  return [paint(title, 'title'), ...hanging('  ', aside, width).map((line) => paint(line, 'quiet'))];
}

function blockLines(block: Block, width: number, paint: Paint): readonly string[] {
  switch (block.kind) {
    case 'table':
      return tableLines(block, width, paint);
    case 'note':
      return hanging('  ', visible(block.text), width).map((line) => paint(line, 'quiet'));
    case 'items': {
      const room = Math.max(...block.items.map(({ lead }) => columnsOf(visible(lead))));
      return block.items.flatMap(({ lead, text, tone }) => itemLines(visible(lead), visible(text), tone, room, width, paint));
    }
  }
}

/** Long leads stand on a line of their own, so that the text keeps its room. */
function itemLines(lead: string, text: string, tone: Tone, room: number, width: number, paint: Paint): readonly string[] {
  if (room > 16) return [`  ${paint(lead, tone)}`, ...hanging('    ', text, width)];
  const [first = '', ...rest] = wrap(text, width - room - 4);
  const pad = ' '.repeat(room - columnsOf(lead));
  return [`  ${paint(lead, tone)}${pad}  ${first}`, ...rest.map((line) => `${' '.repeat(room + 4)}${line}`)];
}

function hanging(indent: string, text: string, width: number): readonly string[] {
  return wrap(text, width - indent.length).map((line) => indent + line);
}

function closerLines(report: Report, folder: RunPlace, width: number, paint: Paint): readonly string[] {
  const user = report.evidence[0]?.user ?? 0;
  const name = visible(folder.name);
  const again = [
    { lead: `stickybench show ${name} --user ${user}`, text: `the history of user ${user}` },
    { lead: `stickybench analyze ${name}`, text: 'judges the record again' },
  ];
  const items = [...(hasRecord(folder) ? again : []), { lead: visible(folder.path), text: folder.files.map(visible).join(', ') }];
  const room = Math.max(...items.map(({ lead }) => columnsOf(lead)));
  const beside = room + 40 <= width;
  const lines = items.flatMap(({ lead, text }) =>
    beside ? itemsBeside(lead, text, room, width) : [...hanging('  ', lead, width), ...hanging('    ', text, width)],
  );
  return ['', paint('Look closer', 'title'), ...lines];
}

function hasRecord({ files }: RunPlace): boolean {
  return files.includes('exchanges.parquet') && files.includes('events.ndjson');
}

function itemsBeside(lead: string, text: string, room: number, width: number): readonly string[] {
  const [first = '', ...rest] = wrap(text, width - room - 4);
  return [`  ${lead}${' '.repeat(room - columnsOf(lead))}  ${first}`, ...rest.map((line) => `${' '.repeat(room + 4)}${line}`)];
}
