// From a record's frame and a finished fold to the report.

import type { Doubt } from '../model/measure.ts';
import type { RunHeader } from '../model/record.ts';
import { REPORT_VERSION, type Report, type RunEnd } from '../model/report.ts';
import type { Micros } from '../model/units.ts';
import type { Fold } from './all.ts';
import { answer } from './answer.ts';
import { judgeRun, judgeThresholds, thresholdDoubts } from './judge.ts';

/** How a run came to its end; `at` is null when the record does not say. */
export interface End {
  readonly ended: RunEnd;
  readonly at: Micros | null;
}

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

function endDoubts({ ended }: End): readonly Doubt[] {
  if (ended === 'interrupted') {
    return [{ code: 'interrupted', blocking: true, text: 'The run was interrupted: this is what was measured until then.' }];
  }
  if (ended === 'broken') {
    const text = 'A process of the lab died though no fault asked for it. What users saw after that says nothing about the strategy.';
    return [{ code: 'lab-died', blocking: true, text }];
  }
  if (ended === 'cut') {
    return [
      {
        code: 'incomplete-record',
        blocking: true,
        text: 'The record has no end: the tool was killed, and what it had not yet written is missing.',
      },
    ];
  }
  return [];
}
