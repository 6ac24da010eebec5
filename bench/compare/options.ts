// The command line of the benchmark.

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../rig/root.ts';
import { SECTIONS, type Section } from './sections.ts';

export interface Options {
  readonly quick: boolean;
  readonly sections: readonly Section[];
  /** Rows to measure, by key; every other is left out. Null: all. */
  readonly rows: readonly string[] | null;
  readonly without: readonly string[];
  readonly memory: boolean;
  /** Rounds in place of each section's own; null: its own. */
  readonly rounds: number | null;
  /** Seconds. */
  readonly window: number;
  readonly warmUp: number;
  readonly install: boolean;
  readonly strict: boolean;
  /** Folder of bench.json and bench.md. */
  readonly out: string;
  /** Folder of the build of stickybench. */
  readonly dist: string;
}

export const HELP = `npm run bench -- [options]

Measures what a request costs stickybench and its peers, in turns on one nginx, and writes bench.json and bench.md.

  --quick            fewer clients, rounds and seconds: three minutes in place of twenty-odd
  --sections a,b     only these of: ${SECTIONS.map(({ key }) => key).join(', ')}, memory
  --rows a,b         only these clients, by key; the first of a section stays, as its yardstick
  --without a,b      not these clients
  --rounds N         turns of each client
  --window S         seconds in which costs are read
  --warm-up S        seconds of load before
  --out DIR          where to write; whole comparisons go to results/reference, any other to .cache
  --dist DIR         another build of stickybench than the one in dist
  --no-install       install nothing: what is missing is left out
  --strict           end with code 1 when a target is missed or was not measured
`;

/** Reads arguments. Throws on what it does not know. Null when help is asked for. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      sections: { type: 'string' },
      rows: { type: 'string' },
      without: { type: 'string', default: '' },
      rounds: { type: 'string' },
      window: { type: 'string' },
      'warm-up': { type: 'string' },
      out: { type: 'string' },
      dist: { type: 'string', default: join(ROOT, 'dist') },
      'no-install': { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const { quick } = values;
  const chosen = values.sections === undefined ? [...SECTIONS.map(({ key }) => key as string), 'memory'] : list(values.sections);
  const unknown = chosen.filter((key) => key !== 'memory' && !SECTIONS.some((section) => section.key === key));
  if (unknown.length > 0) throw new Error(`no section ${unknown.join(', ')}\n\n${HELP}`);
  const whole = !quick && values.sections === undefined && values.rows === undefined && values.without === '';
  return {
    quick,
    sections: SECTIONS.filter(({ key }) => chosen.includes(key)),
    rows: values.rows === undefined ? null : list(values.rows),
    without: list(values.without),
    memory: chosen.includes('memory'),
    rounds: values.rounds === undefined ? null : positive('rounds', values.rounds),
    window: positive('window', values.window ?? (quick ? '2' : '3')),
    warmUp: positive('warm-up', values['warm-up'] ?? (quick ? '1.5' : '2')),
    install: !values['no-install'],
    strict: values.strict,
    out: resolve(values.out ?? join(ROOT, whole ? 'results/reference' : '.cache/bench-results')),
    dist: resolve(values.dist),
  };
}

function list(text: string): readonly string[] {
  return text.split(',').filter((part) => part !== '');
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} is a number above 0; got ${text}`);
  return value;
}
