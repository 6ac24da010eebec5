// `stickybench run`: the main job. Reads a workload, runs it, judges it, and says what came out.

import type { CommandModule } from 'yargs';
import { StickyError } from '../model/errors.ts';
import type { Micros } from '../model/units.ts';
import { RUNS } from '../results/run-folder.ts';
import { adjustWorkload } from '../workloads/adjust-workload.ts';
import { bundledWorkloads, findWorkload } from '../workloads/bundled.ts';
import { loadWorkload } from '../workloads/load-workload.ts';
import { A_DURATION, readDuration } from '../workloads/values/duration.ts';
import { complain } from './complain.ts';
import { conductRun } from './conduct-run.ts';
import { COULD_NOT_RUN, EXIT_CODES, exitCode, INTERRUPTED } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { type LabArguments, labChoice, labOptions } from './lab-options.ts';
import { FORMATS, type Format, printReport } from './print-report.ts';
import { say } from './say.ts';
import { askedFor } from './workers/workforce.ts';

interface RunArguments extends LabArguments {
  readonly workload: string;
  readonly target: string | undefined;
  readonly seed: number | undefined;
  readonly users: number | undefined;
  readonly duration: string | undefined;
  readonly out: string;
  readonly format: Format;
  readonly record: boolean;
  readonly ceiling: boolean;
  readonly workers: string;
  readonly precise: boolean;
  readonly quiet: boolean;
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <workload>',
  describe: 'Run a workload and judge it',
  builder: (yargs) =>
    labOptions(
      yargs
        .positional('workload', {
          type: 'string',
          demandOption: true,
          describe: 'a path, or the name of a bundled workload, with or without .yml',
        })
        .option('target', { type: 'string', describe: 'URL of your own deployment, in place of the lab' })
        .option('seed', { type: 'number', describe: 'same seed, same users, same plan' })
        .option('users', { type: 'number', describe: "number of users, in place of the workload's" })
        .option('duration', { type: 'string', describe: 'length of the phases that are not warm-up, such as 2m' })
        .option('out', { type: 'string', default: RUNS, describe: 'folder for the run folders' })
        .option('format', { choices: FORMATS, default: 'text' as const, describe: 'how to print the report' })
        .option('record', { type: 'boolean', default: true, describe: 'keep every exchange; --no-record keeps the report only' })
        .option('ceiling', { type: 'boolean', default: false, describe: "measure the target's raw throughput first, without users" })
        .option('workers', {
          type: 'string',
          default: '1',
          describe: 'how many share the users: a number, or auto to take the cores that are free; the plan stays the same',
        })
        .option('precise', {
          type: 'boolean',
          default: false,
          describe: 'send within microseconds of when it is due; each worker takes a core for that, even when it has little to do',
        })
        .option('quiet', { type: 'boolean', default: false, alias: 'q', describe: 'no progress on stderr' }),
    )
      .example('$0 run jvm_route.yml', 'a node dies and comes back behind jvm_route')
      .example('$0 run ip_hash --lab real', 'the same on real nginx and Tomcat')
      .example('$0 run mine.yml --target https://staging.example.com', 'on your own deployment')
      .epilogue(`Bundled workloads:\n${bundledList()}\n\n${EXIT_CODES}`),
  handler: run,
};

async function run(args: RunArguments): Promise<void> {
  const { seed, users, target } = args;
  const loaded = loadWorkload(findWorkload(args.workload, process.cwd()));
  const workload = adjustWorkload(loaded, { seed, users, target, duration: durationOf(args.duration) });
  const workers = askedFor(args.workers);
  const interrupt = onInterrupt(say);
  try {
    const { out, record, ceiling, precise, quiet } = args;
    const { report, folder, trouble } = await conductRun(workload, {
      choice: labChoice(args),
      out,
      record,
      ceiling,
      workers,
      precise,
      quiet,
      signal: interrupt.signal,
    });
    printReport(report, args.format, folder);
    process.exitCode = trouble === null ? exitCode(report) : COULD_NOT_RUN;
    if (trouble !== null) complain(trouble);
  } catch (error) {
    if (error !== interrupt.signal.reason || !interrupt.signal.aborted) throw error;
    say('nothing had been measured yet');
    process.exitCode = INTERRUPTED;
  } finally {
    interrupt.release();
  }
}

function durationOf(text: string | undefined): Micros | undefined {
  if (text === undefined) return undefined;
  const reading = readDuration(text);
  if (!reading.ok) throw new StickyError('USAGE', `--duration is ${A_DURATION}; got ${text}.`);
  return reading.value;
}

function bundledList(): string {
  return bundledWorkloads()
    .map(({ name, description }) => `  ${name}: ${description}`)
    .join('\n');
}
