// From a record's frame and a finished fold to the report.

import type { RunHeader } from '../model/record.ts';
import { REPORT_VERSION, type Report } from '../model/report.ts';
import type { Fold } from './all.ts';
import { answer } from './answer.ts';
import { type End, endDoubts } from './end.ts';
import { judgeRun, judgeThresholds, thresholdDoubts } from './judge.ts';

/** Judges a run. The same header, entries and end give the same report. */
export function makeReport(header: RunHeader, fold: Fold, end: End): Report {
  const { measures, evidence, doubts } = fold.finish();
  const { faults, last } = fold.timeline();
  const thresholds = judgeThresholds(header.thresholds, measures);
  const all = [...doubts, ...thresholdDoubts(thresholds, measures), ...endDoubts(end)];
  return {
    version: REPORT_VERSION,
    verdict: judgeRun(thresholds, measures, all),
    answer: answer(measures, faults, header.setup),
    run: { ...header.identity, duration: end.at ?? last, ended: end.ended },
    setup: header.setup,
    thresholds,
    measures,
    faults,
    evidence,
    doubts: all,
  };
}
