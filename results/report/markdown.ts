// A report as GitHub flavoured Markdown, for pull requests, wikis and the docs.

import type { Report } from '../../model/report.ts';
import type { Block, Cell, Section, Table } from './document.ts';
import { documentOf } from './document-of.ts';
import { visible } from './visible.ts';

/** The same sections as the text, every column of every table, and nothing from outside read as Markdown or HTML. */
export function reportMarkdown(report: Report): string {
  const { verdict, name, because, answer, setting, sections } = documentOf(report);
  const parts = [
    `# ${verdict.toUpperCase()}: ${literal(name)}`,
    ...(because === '' ? [] : [`**${literal(because)}**`]),
    literal(answer),
    `*${literal(setting)}*`,
    ...sections.flatMap(sectionParts),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sectionParts({ title, aside, blocks }: Section): readonly string[] {
  const heading = `## ${title}`;
  return [heading, ...(aside === '' ? [] : [`*${literal(aside)}*`]), ...blocks.map(blockPart)];
}

function blockPart(block: Block): string {
  switch (block.kind) {
    case 'table':
      return tablePart(block);
    case 'note':
      return literal(block.text);
    case 'items':
      return block.items.map(({ lead, text }) => `- **${literal(lead)}** ${literal(text)}`).join('\n');
  }
}

/** A table needs heads: one for the row names and one for a column without are left blank. */
function tablePart({ columns, rows }: Table): string {
  const head = columns.map(({ head: text }) => literal(text));
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : ':---'));
  const body = rows.map(({ level, cells }) => columns.map((_, place) => cellPart(cells[place], place === 0 ? level : 0)));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellPart(cell: Cell | undefined, level: number): string {
  if (cell === undefined) return '';
  const strong = cell.tone === 'fail' || cell.tone === 'unknown';
  return `${'&emsp;'.repeat(level)}${strong ? `**${literal(cell.text)}**` : literal(cell.text)}`;
}

/**
 * Every character that Markdown or HTML could read as more than itself. An underscore inside a word is none. The empty comment keeps GitHub
 * from calling people (`@all`) and issues (`#1`) that a name happens to spell.
 */
function literal(text: string): string {
  return visible(text)
    .replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(/[\\`*[\]|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replaceAll(/[@#](?=\w)/g, '$&<!-- -->');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
