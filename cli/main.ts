#!/usr/bin/env node
// The front door: reads the command line, hands over to one command, and ends with its exit code.

import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { StickyError } from '../model/errors.ts';
import { analyzeCommand } from './analyze.ts';
import { checkCommand } from './check.ts';
import { complain } from './complain.ts';
import { COULD_NOT_RUN, EXIT_CODES } from './exit-code.ts';
import { labCommand } from './lab.ts';
import { runCommand } from './run.ts';
import { showCommand } from './show.ts';
import { version } from './version.ts';

/** Usage errors are thrown by yargs itself, at once; those of a command come later. Both end here. */
async function main(words: readonly string[]): Promise<void> {
  await yargs([...words])
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
    .epilogue(`${EXIT_CODES}\n\nStart here:  stickybench run jvm_route.yml`)
    .fail((message, error) => {
      throw error ?? new StickyError('USAGE', message);
    })
    .parseAsync();
}

try {
  await main(hideBin(process.argv));
} catch (error) {
  complain(error);
  process.exitCode = COULD_NOT_RUN;
}
