// Prints a report on stdout in the form that was asked for.

import type { Report } from '../model/report.ts';
import { reportJson } from '../results/report/json.ts';
import { reportJunit } from '../results/report/junit.ts';
import { reportMarkdown } from '../results/report/markdown.ts';
import { reportText } from '../results/report/text.ts';
import { look } from './look.ts';

export type Format = 'text' | 'json' | 'markdown' | 'junit';

export const FORMATS: readonly Format[] = ['text', 'json', 'markdown', 'junit'];

const RENDER: Readonly<Record<Format, (report: Report) => string>> = {
  text: (report) => reportText(report, look(process.stdout)),
  json: reportJson,
  markdown: reportMarkdown,
  junit: reportJunit,
};

export function printReport(report: Report, format: Format): void {
  process.stdout.write(RENDER[format](report));
}
