// The public API: an export list and nothing else.

export { ANALYZERS, type Fold, fold } from './analysis/all.ts';
export { type End, leftOut } from './analysis/end.ts';
export { makeReport } from './analysis/report.ts';
export { runInWorkers } from './cli/workers/run-in-workers.ts';
export { runWorkload } from './engine/run.ts';
export type { Live, RunOptions } from './engine/world.ts';
export { startLab } from './lab/lab.ts';
export type { Analyzer } from './model/analyzer.ts';
export { CATALOGUE, type MeasureName } from './model/catalogue.ts';
export type { Answered, Entry, Exchange, FaultEvent, Lost, Outcome, PhaseMark, Pulse, Refused } from './model/entry.ts';
export { ERRORS, type ErrorCode, StickyError } from './model/errors.ts';
export type { Fault, FaultAction, Injector } from './model/fault.ts';
export type { Lab } from './model/lab.ts';
export type { Doubt, Evidence, Finding, Measure, Verdict } from './model/measure.ts';
export type { RunFooter, RunHeader } from './model/record.ts';
export type { Report, ThresholdResult } from './model/report.ts';
export type { Setup } from './model/setup.ts';
export { STRATEGIES, type Strategy } from './model/strategy.ts';
export type { Workload } from './model/workload.ts';
export { readRecord } from './results/record/read-record.ts';
export { createRecord } from './results/record/write-record.ts';
export { reportText } from './results/report/text.ts';
export { loadWorkload } from './workloads/load-workload.ts';
