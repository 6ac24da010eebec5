// `stickybench show`: one user's history from a record.

import type { CommandModule } from 'yargs';
import type { Entry } from '../model/entry.ts';
import { readRecord } from '../results/record/read-record.ts';
import { showUser } from '../results/report/show-user.ts';
import { findRun } from '../results/run-folder.ts';
import { look } from './look.ts';

interface ShowArguments {
  readonly run: string;
  readonly user: number;
}

export const showCommand: CommandModule<object, ShowArguments> = {
  command: 'show <run>',
  describe: "Show one user's history: every request, its node, its session, and the faults in between",
  builder: (yargs) =>
    yargs
      .positional('run', { type: 'string', demandOption: true, describe: 'a run folder, its name under runs/, or `latest`' })
      .option('user', { type: 'number', demandOption: true, describe: 'the number of the user, from 0' })
      .example('$0 show latest --user 42', 'evidence in the report names the user to look at'),
  handler: async ({ run, user }) => {
    const { eachOf } = await readRecord(findRun(run, process.cwd()));
    const mine: Entry[] = [];
    await eachOf(user, (entry) => mine.push(entry));
    process.stdout.write(showUser(mine, user, look(process.stdout)));
  },
};
