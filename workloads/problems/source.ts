// The text of a workload file, its value, and where in the text each part of the value stands.

import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit, type YAMLError } from 'yaml';
import { type Finding, formatPath, type Problem } from './problem.ts';

export interface Source {
  /** The value as plain data; null when the text is no YAML. */
  readonly raw: unknown;
  /** Syntax errors, and keys that stand twice. */
  readonly problems: readonly Problem[];
  /** Whether `raw` is worth looking at in spite of the problems. */
  readonly sound: boolean;
  /** Counts lines for what was found, and says what stands there. */
  place(found: Finding, code: Problem['code']): Problem;
}

export function readSource(text: string, fileName: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file: fileName, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const sound = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const errors = sound ? document.errors : independent(document.errors, (error) => at(error.pos[0]).line);
  const syntax = errors.map((error): Problem => ({ code: 'WORKLOAD_INVALID', path: '', ...at(error.pos[0]), ...describe(error, text) }));
  const aliases = sound ? strayAliases(document).map((alias): Problem => ({ ...STRAY_ALIAS, ...at(alias.offset), got: alias.text })) : [];
  const value = sound && aliases.length === 0 ? plain(document) : null;
  const flood: Problem[] = value === 'flood' ? [{ ...FLOOD, ...at(0) }] : [];
  return {
    raw: value === 'flood' ? null : value?.raw,
    problems: [...syntax, ...aliases, ...flood],
    sound: value !== null && value !== 'flood',
    place: (found, code) => placed(document, text, found, code, at),
  };
}

const FLOOD = { code: 'WORKLOAD_INVALID', path: '', expected: 'a thousand aliases at most', got: 'aliases of aliases', hint: '' } as const;

/** Aliases of aliases can grow beyond any memory. */
function plain(document: Document.Parsed): { readonly raw: unknown } | 'flood' {
  try {
    return { raw: document.toJS({ maxAliasCount: 1_000 }) };
  } catch {
    return 'flood';
  }
}

/** The first error, and those that are not likely to follow from it: on lines of their own, and not about tokens in wrong places. */
function independent(errors: readonly YAMLError[], lineOf: (error: YAMLError) => number): YAMLError[] {
  const sorted = [...errors].sort((a, b) => a.pos[0] - b.pos[0]);
  const first = sorted[0]?.code;
  const seen = new Set<number>();
  return sorted.filter((error, index) => {
    const line = lineOf(error);
    const follows = index > 0 && (error.code === 'UNEXPECTED_TOKEN' || error.code === first || seen.has(line));
    seen.add(line);
    return !follows;
  });
}

const STRAY_ALIAS = {
  code: 'WORKLOAD_INVALID',
  path: '',
  expected: 'an alias (*) of an anchor (&) above it',
  hint: 'For a text that begins with *, put it in quotes.',
} as const;

function strayAliases(document: Document.Parsed): { readonly offset: number; readonly text: string }[] {
  const stray: { offset: number; text: string }[] = [];
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) === undefined) stray.push({ offset: node.range?.[0] ?? 0, text: `*${node.source}` });
    },
  });
  return stray;
}

type Place = Pick<Problem, 'file' | 'line' | 'column'>;

function placed(document: Document.Parsed, text: string, found: Finding, code: Problem['code'], at: (offset: number) => Place): Problem {
  const { path, part, within, expected, hint } = found;
  const spot = find(document, path);
  const inside = spot.depth === path.length;
  const node = part === 'key' && inside ? spot.key : isEmpty(spot.value) ? spot.key : spot.value;
  const [start, end] = node?.range ?? [0, 0];
  const offset = within === '' ? -1 : lastPlace(text.slice(start, end), within);
  const got = !inside ? 'nothing' : offset >= 0 ? within : part === 'key' ? slice(text, node) : described(spot.value, text);
  return { code, ...at(start + Math.max(offset, 0)), path: formatPath(path), expected, got, hint };
}

/** Where the last occurrence of a word begins, as a word of its own if it is one anywhere; -1 when it does not occur. */
function lastPlace(text: string, within: string): number {
  const isEdge = (character: string | undefined) => character === undefined || !/[\w.-]/.test(character);
  for (let at = text.lastIndexOf(within); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(within, at - 1)) {
    if (isEdge(text[at - 1]) && isEdge(text[at + within.length])) return at;
  }
  return text.lastIndexOf(within);
}

interface Spot {
  readonly key: Node | null;
  readonly value: Node | null;
  /** How much of the path exists. */
  readonly depth: number;
}

/** The node at a path, or the deepest one above it that exists. */
function find(document: Document.Parsed, path: readonly PropertyKey[]): Spot {
  let spot: Spot = { key: null, value: document.contents, depth: 0 };
  for (const step of path) {
    const value = isAlias(spot.value) ? (spot.value.resolve(document) ?? null) : spot.value;
    if (isMap(value)) {
      const pair = value.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return spot;
      spot = { key: pair.key as Node, value: pair.value as Node | null, depth: spot.depth + 1 };
    } else if (isSeq(value)) {
      const item = value.items[Number(step)] as Node | undefined;
      if (item === undefined) return spot;
      spot = { key: item, value: item, depth: spot.depth + 1 };
    } else return spot;
  }
  return spot;
}

function isEmpty(value: Node | null): boolean {
  return value === null || (isScalar(value) && value.value === null && value.source === '');
}

function described(node: Node | null, text: string): string {
  if (isEmpty(node)) return 'nothing';
  if ((isMap(node) || isSeq(node)) && !isShort(node, text)) return isMap(node) ? 'a mapping' : 'a list';
  return slice(text, node);
}

function isShort(node: Node, text: string): boolean {
  const [start, end] = node.range ?? [0, 0];
  const whole = text.slice(start, end).trim();
  return whole.length <= 40 && !whole.includes('\n');
}

/** The text of a node on one line, cut short. */
function slice(text: string, node: Node | null): string {
  const [start, end] = node?.range ?? [0, 0];
  const whole = text.slice(start, end).trim().replace(/\s+/g, ' ');
  return whole.length > 70 ? `${whole.slice(0, 67)}...` : whole;
}

/** Words for the syntax errors that people make most; the parser's own for the rest. */
function describe(error: YAMLError, text: string): Pick<Problem, 'expected' | 'got' | 'hint'> {
  const got = restOfLine(text, error.pos[0]);
  if (got.includes('{{') || lineAround(text, error.pos[0]).includes('{{')) {
    return { expected: 'a text in quotes', got, hint: "A text with {{ variables }} is put in quotes: '/item/{{ id }}'." };
  }
  if (/^Flow (map|sequence)/.test(error.message)) return { expected: 'the end of a { or [ above', got, hint: 'Is a } or ] missing?' };
  if (/^Missing closing .quote/.test(error.message)) return { expected: 'the closing quote of a text', got, hint: '' };
  const known = SYNTAX[error.code];
  if (known === undefined) return { expected: 'YAML', got, hint: `${error.message}.` };
  return {
    expected: known.expected,
    got: error.code === 'DUPLICATE_KEY' ? (got.split(':')[0] ?? got) : (known.got ?? got),
    hint: known.hint,
  };
}

const A_FITTING_LINE = {
  expected: 'a line that fits the ones around it',
  hint: 'Check its indentation and the colon after its key; a text that holds a colon and a space is put in quotes.',
};

const SYNTAX: Readonly<Partial<Record<YAMLError['code'], { readonly expected: string; readonly hint: string; readonly got?: string }>>> = {
  DUPLICATE_KEY: { expected: 'each key once', hint: 'The same key stands above it in the same mapping.' },
  TAB_AS_INDENT: { expected: 'spaces for indentation', hint: 'YAML does not allow tabs there.', got: 'a tab' },
  MULTIPLE_DOCS: { expected: 'one workload per file', hint: 'Remove the --- and all below it.', got: 'a second document' },
  BAD_SCALAR_START: { expected: 'a text in quotes', hint: 'YAML has another meaning for the sign it begins with.' },
  BAD_INDENT: A_FITTING_LINE,
  BLOCK_AS_IMPLICIT_KEY: A_FITTING_LINE,
  MULTILINE_IMPLICIT_KEY: A_FITTING_LINE,
};

function restOfLine(text: string, offset: number): string {
  const rest = text.slice(offset).split('\n')[0]?.trim() ?? '';
  if (rest !== '') return rest.length > 70 ? `${rest.slice(0, 67)}...` : rest;
  return text.slice(offset).trim() === '' ? 'the end of the file' : 'the end of the line';
}

function lineAround(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}
