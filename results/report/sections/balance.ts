// Load by backend, before, during and after the faults.

import type { Measure } from '../../../model/measure.ts';
import { plain, type Row, right, type Section, type Table, unseen } from '../document.ts';
import { anyObserved, shortName, valueText } from '../measure-text.ts';
import { percent } from '../quantities.ts';
import { pivot, sightText } from './pivot.ts';

export function balanceSection(measures: readonly Measure[]): Section | null {
  if (measures.length === 0) return null;
  if (!anyObserved(measures)) return unseen('Balance');
  const kinds = [...new Set(measures.map(({ labels }) => labels['by'] ?? ''))];
  const windows = [...new Set(measures.map(({ labels }) => labels['window'] ?? ''))];
  const columns = windows.map((value) => ({ ...right(value), value }));
  const tables = kinds.map((by) => {
    const members = measures.filter(({ labels }) => (labels['by'] ?? '') === by);
    return pivot(members, { head: '', columns, column, row, cell: (measure) => cell(measure, members) });
  });
  return { title: 'Balance', aside: sightText(measures), blocks: [join(kinds, tables)] };
}

const column = ({ labels }: Measure): string => labels['window'] ?? '';

function row({ name, labels }: Measure): { key: string; text: string; level: number } {
  const { by, window, ...rest } = labels;
  const words = Object.values(rest);
  const text = words.length > 0 ? words.join(', ') : shortName(name);
  return { key: `${name} ${words.join(' ')}`, text, level: 1 };
}

/** Requests with their share of all; users go to more than one backend, so shares of users would say nothing. */
function cell(measure: Measure, members: readonly Measure[]): string {
  const text = valueText(measure);
  if (measure.name !== 'balance.load' || measure.labels['by'] !== 'requests' || measure.value === null) return text;
  const peers = members.filter(({ name, labels }) => name === measure.name && labels['window'] === measure.labels['window']);
  const sum = peers.reduce((total, { value }) => total + (value ?? 0), 0);
  return sum === 0 ? text : `${text} (${percent(measure.value / sum)})`;
}

/** One table, each kind of load under a row that names it. */
function join(kinds: readonly string[], tables: readonly Table[]): Table {
  const columns = tables[0]?.columns ?? [];
  const heads = kinds.map((by): Row => ({ level: 0, cells: [plain(by === '' ? 'load' : `by ${by}`)] }));
  return { kind: 'table', columns, rows: tables.flatMap((table, place) => [...heads.slice(place, place + 1), ...table.rows]) };
}
