#!/usr/bin/env node
// The front door: reads the command line, hands over to one command, and ends with its exit code.

import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { StickyError } from '../model/errors.ts';
import { analyzeCommand } from './analyze.ts';
import { checkCommand } from './check.ts';
import { complain } from './complain.ts';
import { COULD_NOT_RUN } from './exit-code.ts';
import { labCommand } from './lab.ts';
import { runCommand } from './run.ts';
import { showCommand } from './show.ts';
import { version } from './version.ts';

const EPILOGUE = `Exit codes: 0 pass, 1 fail, 2 unknown, 3 could not run, 130 interrupted (the report so far is still written).
The report goes to stdout, everything else to stderr. NO_COLOR is respected.

Start here:  stickybench run jvm_route.yml`;

await yargs(hideBin(process.argv))
  .scriptName('stickybench')
  .usage(
    '$0 <command>\n\nLoad tests session strategies: do users stay on their node, how long do they wait, who loses a session when a node dies?',
  )
  .command(runCommand)
  .command(analyzeCommand)
  .command(showCommand)
  .command(checkCommand)
  .command(labCommand)
  .demandCommand(1, 'Say what to do: a command is missing.')
  .strict()
  .recommendCommands()
  .version(version())
  .help()
  .alias('help', 'h')
  .wrap(Math.min(110, process.stderr.columns ?? 110))
  .epilogue(EPILOGUE)
  .fail((message, error) => {
    if (error !== undefined && error !== null) throw error;
    throw new StickyError('USAGE', message);
  })
  .parseAsync()
  .catch((error: unknown) => {
    complain(error);
    process.exitCode = COULD_NOT_RUN;
  });
