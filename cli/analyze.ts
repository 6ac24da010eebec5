// `stickybench analyze`: judges the record of a run again.

import type { CommandModule } from 'yargs';
import { fold } from '../analysis/all.ts';
import { type End, leftOut } from '../analysis/end.ts';
import { makeReport } from '../analysis/report.ts';
import type { Report } from '../model/report.ts';
import { readRecord } from '../results/record/read-record.ts';
import { findRun, writeReports } from '../results/run-folder.ts';
import { exitCode } from './exit-code.ts';
import { FORMATS, type Format, printReport } from './print-report.ts';

interface AnalyzeArguments {
  readonly run: string;
  readonly format: Format;
}

export const analyzeCommand: CommandModule<object, AnalyzeArguments> = {
  command: 'analyze <run>',
  describe: 'Judge the record of a run again, and write its reports anew',
  builder: (yargs) =>
    yargs
      .positional('run', { type: 'string', demandOption: true, describe: 'a run folder, its name under runs/, or `latest`' })
      .option('format', { choices: FORMATS, default: 'text' as const, describe: 'how to print the report' })
      .example('$0 analyze latest', 'the same report as the run gave, from its record alone'),
  handler: async ({ run, format }) => {
    const folder = findRun(run, process.cwd());
    const report = await analyze(folder);
    writeReports(folder, report);
    printReport(report, format, folder);
    process.exitCode = exitCode(report);
  },
};

/** Folds a record from its first entry to its last. Memory is bounded by users, not by requests. */
async function analyze(folder: string): Promise<Report> {
  const { header, footer, each } = await readRecord(folder);
  const judged = fold(header.setup);
  const end: End = { ended: footer?.ended ?? 'cut', at: footer?.at ?? null, missing: footer?.missing ?? [] };
  await each((entry) => {
    if (!leftOut(end, entry)) judged.step(entry);
  });
  return makeReport(header, judged, end);
}
