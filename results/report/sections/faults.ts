// What was done to the system, when, and whose sessions it cost.

import type { Measure } from '../../../model/measure.ts';
import type { FaultSummary, Report } from '../../../model/report.ts';
import { left, plain, quiet, type Row, right, type Section, unseen } from '../document.ts';
import { anyObserved, shareText, valueText } from '../measure-text.ts';
import { moment, span } from '../quantities.ts';
import { pivot, type RowName, sightText } from './pivot.ts';
import { faultText } from './words.ts';

export function faultsSection(report: Report): Section | null {
  if (report.faults.length === 0) return null;
  const columns = [left('fault'), right('began'), right('back'), right('gone for'), left('how')];
  return { title: 'Faults', aside: '', blocks: [{ kind: 'table', columns, rows: report.faults.map((fault) => row(report, fault)) }] };
}

function row(report: Report, fault: FaultSummary): Row {
  const { began, ended, detail } = fault;
  const back = ended === null ? [quiet('not back'), quiet('')] : [plain(moment(ended)), plain(span(ended - began))];
  return { level: 0, cells: [plain(faultText(report, String(fault.fault))), plain(moment(began)), ...back, quiet(detail)] };
}

/** Users who lost their session, of those homed on the hurt backend and of the others; and those who slept through it. */
export function lossByFaultSection(report: Report, measures: readonly Measure[]): Section | null {
  const single = new Set(measures.flatMap(({ labels }) => labels['fault'] ?? [])).size === 1;
  // Over one fault, "all faults" says the same again.
  const shown = single ? measures.filter(({ labels }) => labels['fault'] !== undefined) : measures;
  if (shown.length === 0) return null;
  if (!anyObserved(shown)) return unseen(LOSS_TITLE);
  const columns = COLUMNS.filter(({ value }) => shown.some((measure) => column(measure) === value));
  const rowName = ({ labels }: Measure): RowName => {
    const fault = labels['fault'];
    return { key: fault ?? '', text: fault === undefined ? 'all faults' : faultText(report, fault), level: 0 };
  };
  const cell = (measure: Measure): string => (measure.name === 'session.dormant' ? valueText(measure) : shareText(measure));
  const table = pivot(shown, { head: 'fault', columns, column, row: rowName, cell });
  return { title: LOSS_TITLE, aside: sightText(shown), blocks: [table] };
}

const LOSS_TITLE = 'Users who lost their session';

const COLUMNS = [
  { ...right('of the hurt backend'), value: 'hurt' },
  { ...right('others'), value: 'control' },
  { ...right('dormant'), value: 'dormant' },
];

function column({ name, labels }: Measure): string {
  return name === 'session.dormant' ? 'dormant' : (labels['group'] ?? '');
}
