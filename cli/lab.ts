// `stickybench lab up`: starts a lab and holds it, to be looked at by hand.

import type { CommandModule } from 'yargs';
import { startLab } from '../lab/lab.ts';
import type { Lab } from '../model/lab.ts';
import { STRATEGIES, type Strategy } from '../model/strategy.ts';
import { findWorkload } from '../workloads/bundled.ts';
import { loadWorkload } from '../workloads/load-workload.ts';
import { type LabArguments, labChoice, labOptions } from './lab-options.ts';

interface UpArguments extends LabArguments {
  readonly strategy: Strategy;
  readonly port: number;
}

const upCommand: CommandModule<object, UpArguments> = {
  command: 'up <strategy>',
  describe: 'Start a lab, print its addresses and what to try, and hold it until Ctrl-C',
  builder: (yargs) =>
    labOptions(
      yargs
        .positional('strategy', { choices: Object.keys(STRATEGIES) as Strategy[], demandOption: true, describe: 'the strategy to set up' })
        .option('port', { type: 'number', default: 0, describe: 'port of the balancer; 0 takes a free one' }),
    ).example('$0 lab up jvm_route --lab real', 'nginx and two Tomcats, to be tried with curl'),
  handler: async (args) => {
    const { target } = loadWorkload(findWorkload(`${args.strategy}.yml`, import.meta.dirname));
    if (target.kind !== 'lab') throw new Error(`impossible workload: bundled ${args.strategy} has no lab`);
    const lab = await startLab({ ...target, port: args.port }, labChoice(args));
    process.stdout.write(invitation(lab, args.strategy));
    await untilInterrupted();
    await lab.stop();
  },
};

export const labCommand: CommandModule = {
  command: 'lab',
  describe: 'Start a lab and hold it',
  builder: (yargs) => yargs.command(upCommand).demandCommand(1, 'Say what to do with the lab: `stickybench lab up <strategy>`.'),
  handler: () => {},
};

function invitation(lab: Lab, strategy: Strategy): string {
  const backends = lab.backends.map(({ name, address }) => `  ${name.padEnd(12)} http://${address}\n`).join('');
  const logs = Object.entries(lab.logs).map(([name, path]) => `  ${name.padEnd(12)} ${path}\n`);
  const versions = Object.entries(lab.versions).map(([program, version]) => `${program} ${version}`);
  return `${strategy}, ${lab.kind} lab: ${STRATEGIES[strategy].summary}
  ${lab.reason}; ${versions.join(', ')}

  ${'balancer'.padEnd(12)} ${lab.url}
${backends}
Try:
  curl -i -c jar -b jar -X POST ${lab.url}/visit      counts a visit in the session; Sticky-Backend says who answered
  curl -i -c jar -b jar ${lab.url}/visit              reads the count
  curl -i -c jar -b jar -X POST ${lab.url}/login      changes the session's id, /logout ends it
  curl -i --interface 127.0.7.1 ${lab.url}/visit      comes from another /24

Logs:
${logs.join('')}
Ctrl-C ends it.
`;
}

/** Holding a socket-less process open needs a timer. */
function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const held = setInterval(() => {}, 60_000);
    const release = (): void => {
      clearInterval(held);
      process.off('SIGINT', release);
      process.off('SIGTERM', release);
      resolve();
    };
    process.on('SIGINT', release);
    process.on('SIGTERM', release);
  });
}
