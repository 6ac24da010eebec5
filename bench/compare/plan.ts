// What a comparison is made of: the sections and rows that were asked for, less what is not to be had.

import { bring } from '../rig/needs.ts';
import { CROWDS } from './crowds.ts';
import type { LeftOut } from './document.ts';
import type { Options } from './options.ts';
import { type Row, rowOf } from './rows.ts';
import type { Section } from './sections.ts';

export interface Planned {
  readonly section: Section;
  readonly rows: readonly Row[];
  readonly rounds: number;
}

export interface Plan {
  readonly options: Options;
  readonly sections: readonly Planned[];
  readonly leftOut: readonly LeftOut[];
  /** Program to the reason why it is missing. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Installs what the chosen rows need. Throws when the target itself cannot be had. */
export function planOf(options: Options): Plan {
  const { quick, sections, without, rows: chosen, rounds } = options;
  const wanted = sections.map((section) => {
    const keys = (quick ? section.quick : section.rows).filter((key) => !without.includes(key));
    const rows = keys.filter((key, place) => chosen === null || chosen.includes(key) || place === 0).map(rowOf);
    return { section, rows, rounds: rounds ?? (quick ? Math.ceil(section.rounds / 3) : section.rounds) };
  });
  const crowds = options.memory && !quick ? CROWDS.filter(({ tool }) => !without.includes(tool)) : [];
  const needed = [...wanted.flatMap(({ rows }) => rows), ...crowds].flatMap(({ needs }) => needs ?? []);
  const missing = bring(['nginx', 'taskset', 'openssl', ...new Set(needed)], options.install);
  const vital = missing.get('nginx') ?? missing.get('taskset');
  if (vital !== undefined) throw new Error(`no target to measure on: ${vital}`);
  const planned = wanted.map(({ rows, ...rest }) => ({ ...rest, rows: rows.filter(({ needs }) => needs === null || !missing.has(needs)) }));
  const left = [...missing].map(([what, why]) => ({ what, why }));
  const open = planned.filter(({ section, rows }) => rows.length > 0 && (!section.door.startsWith('https') || !missing.has('openssl')));
  return { options, sections: open, leftOut: [...left, ...without.map((what) => ({ what, why: 'not asked for (--without)' }))], missing };
}
