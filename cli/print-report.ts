// Prints a report on stdout in the form that was asked for.

import { relative } from 'node:path';
import type { Report } from '../model/report.ts';
import { reportJson } from '../results/report/json.ts';
import { reportJunit } from '../results/report/junit.ts';
import { reportMarkdown } from '../results/report/markdown.ts';
import { type RunPlace, reportText } from '../results/report/text.ts';
import { filesOf } from '../results/run-folder.ts';
import { look } from './look.ts';

export type Format = 'text' | 'json' | 'markdown' | 'junit';

export const FORMATS: readonly Format[] = ['text', 'json', 'markdown', 'junit'];

const RENDER: Readonly<Record<Format, (report: Report, folder: string) => string>> = {
  text: (report, folder) => reportText(report, { ...look(process.stdout), folder: placeOf(folder) }),
  json: reportJson,
  markdown: reportMarkdown,
  junit: reportJunit,
};

/** `folder` holds the run; absolute. */
export function printReport(report: Report, format: Format, folder: string): void {
  process.stdout.write(RENDER[format](report, folder));
}

function placeOf(folder: string): RunPlace {
  const path = relative(process.cwd(), folder);
  return { path, name: path, files: filesOf(folder) };
}
