// Sections made from the measures alone: one for each family that has no layout of its own.

import type { Measure } from '../../../model/measure.ts';
import type { Report } from '../../../model/report.ts';
import { isWarmup } from '../../../model/setup.ts';
import { type Block, type Column, left, plain, quiet, type Row, right, type Section, type Table, unseen } from '../document.ts';
import { anyObserved, basisText, family, NOT_OBSERVABLE, shortName, valueText } from '../measure-text.ts';
import { withoutRepeats, withoutTwins } from './brevity.ts';
import { inOrder, pivot, type RowName, sightText } from './pivot.ts';
import { labelWords, MEASURED } from './words.ts';

export interface FamilySection {
  readonly family: string;
  readonly section: Section;
}

/** Families in the order of the catalogue; one the catalogue does not know comes last. */
export function familySections(report: Report, measures: readonly Measure[]): readonly FamilySection[] {
  const sorted = inOrder(measures);
  const families = [...new Set(sorted.map(({ name }) => family(name)))];
  return families.map((name) => {
    const members = sorted.filter((measure) => family(measure.name) === name);
    const title = TITLES[name] ?? capitalised(name);
    const section = anyObserved(members) ? { title, aside: sightText(members), blocks: blocks(report, members) } : unseen(title);
    return { family: name, section };
  });
}

const TITLES: Readonly<Record<string, string>> = { session: 'Sessions' };

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Distributions (what has quantiles) as a table of quantiles, everything else as a list. */
function blocks(report: Report, measures: readonly Measure[]): readonly Block[] {
  const spread = new Set(measures.filter(({ labels }) => labels['quantile'] !== undefined).map(({ name }) => name));
  const distributions = measures.filter(({ name }) => spread.has(name));
  const others = measures.filter(({ name }) => !spread.has(name));
  const made: Block[] = [];
  if (distributions.length > 0) made.push(quantileTable(report, distributions));
  if (others.length > 0) made.push(...list(report, withoutRepeats(others)));
  return made;
}

/** Quantiles across; mean, least and number where there is room. `max` is the quantile 1, so the statistic of that name is not repeated. */
function quantileTable(report: Report, measures: readonly Measure[]): Table {
  const given = [...new Set(measures.flatMap(({ labels }) => labels['quantile'] ?? []))].sort((a, b) => Number(a) - Number(b));
  const quantiles = given.map((value) => ({ ...right(quantileText(value)), value }));
  const named = [...new Set(measures.flatMap(({ labels }) => labels['stat'] ?? []))].filter(
    (stat) => stat !== 'max' || !given.includes('1'),
  );
  // What is left out first stands last.
  const stats = named.toSorted((a, b) => Number(b === 'mean') - Number(a === 'mean'));
  const columns = [...quantiles, ...stats.map((stat) => ({ ...optional(stat), value: stat }))];
  const column = ({ labels }: Measure): string => labels['quantile'] ?? labels['stat'] ?? '';
  const { measures: shown, wholes } = withoutTwins(measures);
  const isWarm = ({ labels }: Measure): boolean => isWarmup(report.setup, labels['phase'] ?? '');
  const wholeNames = new Set(measures.filter(({ labels }) => Object.keys(labels).length === 1).map(({ name }) => name));
  const row = (measure: Measure): RowName => {
    const aliases = (wholes.get(measure.name) ?? []).map((labels) => labelWords(report, labels));
    const whole = aliases.length === 0 && measures.some(isWarm) ? [MEASURED] : aliases;
    const hasWhole = wholeNames.has(measure.name) && !isWarm(measure);
    return distributionName(report, measure, hasWhole, whole);
  };
  // The warm-up is no part of the whole, so it does not stand below it.
  const rows = shown.toSorted((a, b) => Number(isWarm(a)) - Number(isWarm(b)));
  return pivot(rows, { head: '', columns, column, row, cell: valueText });
}

function optional(head: string): Column {
  return { head, align: 'right', optional: true };
}

function quantileText(quantile: string): string {
  const value = Number(quantile);
  if (value === 1) return 'max';
  return value === 0 ? 'min' : `p${Number((value * 100).toPrecision(12))}`;
}

/** `aliases` are parts that are the whole, or what the whole is: `felt (steady)`, `felt (measured)`. */
function distributionName(report: Report, { name, labels }: Measure, hasWhole: boolean, aliases: readonly string[]): RowName {
  const { quantile, stat, ...rest } = labels;
  const words = labelWords(report, rest);
  const key = `${name} ${JSON.stringify(rest)}`;
  if (words === '' && aliases.length > 0) return { key, text: `${shortName(name)} (${aliases.join(', ')})`, level: 0 };
  return { key, ...rowName(name, words, hasWhole) };
}

/** Parts stand under the whole; a part of something that is not there carries the name itself. */
function rowName(name: string, words: string, hasWhole: boolean): { readonly text: string; readonly level: number } {
  if (words === '') return { text: shortName(name), level: 0 };
  return hasWhole ? { text: words, level: 1 } : { text: `${shortName(name)}, ${words}`, level: 0 };
}

function list(report: Report, measures: readonly Measure[]): readonly Block[] {
  const noted = zeroParts(measures);
  const whole = new Set(measures.filter(({ labels }) => Object.keys(labels).length === 0).map(({ name }) => name));
  const listed = measures.filter((measure) => !noted.some(({ parts }) => parts.includes(measure)));
  const rows = listed.map((measure) => listRow(report, measure, whole.has(measure.name)));
  const columns = [left(''), right(''), left('')];
  const notes = noted.map(({ name, parts }): Block => {
    const words = parts.map(({ labels }) => labelWords(report, labels)).join(', ');
    return { kind: 'note', text: `${shortName(name)}: ${parts.some(({ bound }) => bound === 'lower') ? 'none seen' : 'none'} by ${words}` };
  });
  return [{ kind: 'table', columns, rows }, ...notes];
}

function listRow(report: Report, measure: Measure, hasWhole: boolean): Row {
  const { text, level } = rowName(measure.name, labelWords(report, measure.labels), hasWhole);
  const value = valueText(measure);
  const cell = value === NOT_OBSERVABLE ? quiet(value) : plain(value);
  return { level, cells: [plain(text), cell, quiet(basisText(measure))] };
}

interface ZeroParts {
  readonly name: string;
  readonly parts: readonly Measure[];
}

/** Parts of a count by one label that are all zero are told in one line when they are three or more: nine causes, of which one occurred. */
function zeroParts(measures: readonly Measure[]): readonly ZeroParts[] {
  const names = [...new Set(measures.map(({ name }) => name))];
  return names
    .map((name) => ({ name, parts: measures.filter((measure) => measure.name === name && isZeroPart(measure)) }))
    .filter(({ parts }) => parts.length >= 3);
}

function isZeroPart({ value, bound, unit, labels }: Measure): boolean {
  return value === 0 && bound !== 'not observable' && unit !== 'fraction' && Object.keys(labels).length === 1;
}
