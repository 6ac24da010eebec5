// `stickybench check`: all problems of a workload, or how it reads with every default filled in.

import type { CommandModule } from 'yargs';
import { findWorkload } from '../workloads/bundled.ts';
import { hideSecrets } from '../workloads/hide-secrets.ts';
import { loadWorkload } from '../workloads/load-workload.ts';
import { writeWorkload } from '../workloads/write-workload.ts';

interface CheckArguments {
  readonly workload: string;
  readonly resolved: boolean;
}

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: 'check <workload>',
  describe: 'Read a workload and list all its problems, with line and column',
  builder: (yargs) =>
    yargs
      .positional('workload', { type: 'string', demandOption: true, describe: 'a path, or the name of a bundled workload' })
      .option('resolved', { type: 'boolean', default: false, describe: 'print the workload with every default filled in' })
      .example('$0 check mine.yml', 'exit code 0 when it could run, 3 when it could not'),
  handler: ({ workload, resolved }) => {
    const path = findWorkload(workload, process.cwd());
    const loaded = loadWorkload(path);
    process.stdout.write(resolved ? writeWorkload(hideSecrets(loaded)) : `${path}: no problems\n`);
  },
};
