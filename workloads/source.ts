// The text of a workload file, its value, and where in the text each part of the value stands.

import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
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
  const syntax = document.errors.map((error) => ({ code: 'WORKLOAD_INVALID' as const, ...at(error.pos[0]), ...describe(error, text) }));
  const sound = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const { raw, problem } = sound ? plainValue(document) : { raw: null, problem: '' };
  const aliases: Problem[] =
    problem === ''
      ? []
      : [{ code: 'WORKLOAD_INVALID', ...at(0), path: '', expected: 'aliases (*) of anchors (&) above them', got: problem, hint: '' }];
  return {
    raw,
    problems: [...syntax, ...aliases],
    sound: sound && problem === '',
    place: (found, code) => placed(document, text, found, code, at),
  };
}

function plainValue(document: Document.Parsed): { readonly raw: unknown; readonly problem: string } {
  try {
    return { raw: document.toJS({ maxAliasCount: 100 }) as unknown, problem: '' };
  } catch (error) {
    return { raw: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

type Place = Pick<Problem, 'file' | 'line' | 'column'>;

function placed(document: Document.Parsed, text: string, found: Finding, code: Problem['code'], at: (offset: number) => Place): Problem {
  const { path, part, within, expected, hint } = found;
  const spot = find(document, path);
  const inside = spot.depth === path.length;
  const node = part === 'key' && inside ? spot.key : isEmpty(spot.value) ? spot.key : spot.value;
  const [start, end] = node?.range ?? [0, 0];
  const offset = within === '' ? -1 : text.slice(start, end).lastIndexOf(within);
  const got = !inside ? 'nothing' : offset >= 0 ? within : part === 'key' ? slice(text, node) : described(spot.value, text);
  return { code, ...at(start + Math.max(offset, 0)), path: formatPath(path), expected, got, hint };
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
  if (isMap(node)) return node.items.length === 0 ? 'an empty mapping' : 'a mapping';
  if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : 'a list';
  return slice(text, node);
}

/** The text of a node on one line, cut short. */
function slice(text: string, node: Node | null): string {
  const [start, end] = node?.range ?? [0, 0];
  const whole = text.slice(start, end).trim().replace(/\s+/g, ' ');
  return whole.length > 70 ? `${whole.slice(0, 67)}...` : whole;
}

/** Words for the syntax errors that people make most; the parser's own for the rest. */
function describe(error: YAMLError, text: string): Pick<Problem, 'path' | 'expected' | 'got' | 'hint'> {
  const [start, end] = error.pos;
  const got =
    text
      .slice(start, Math.max(end, start + 1))
      .split('\n')[0]
      ?.trim() || 'the end of a line';
  const known = SYNTAX[error.code];
  if (known !== undefined) return { path: '', expected: known[0], got: known[2] ?? got, hint: known[1] };
  return { path: '', expected: 'YAML', got, hint: error.message.split('\n')[0] ?? '' };
}

/** Expected, hint, and what came where the text would not show it. */
const SYNTAX: Readonly<Partial<Record<YAMLError['code'], readonly [string, string, string?]>>> = {
  DUPLICATE_KEY: ['each key once', 'The same key stands above it in the same mapping.'],
  TAB_AS_INDENT: ['spaces for indentation', 'YAML does not allow tabs there.', 'a tab'],
  BAD_INDENT: ['the indentation of the lines around it', 'Keys of one mapping, and items of one list, begin in the same column.'],
  MULTIPLE_DOCS: ['one workload per file', 'Remove the --- and all below it.', 'a second document'],
  BLOCK_AS_IMPLICIT_KEY: ['one key: value per line', 'If the value holds a colon and a space, put it in quotes.'],
  MULTILINE_IMPLICIT_KEY: ['one key: value per line', 'Is a colon missing after the key?'],
};
