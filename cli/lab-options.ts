// The options that choose a lab, the same for every command that starts one.

import type { Argv } from 'yargs';
import type { LabChoice } from './ground.ts';

export interface LabArguments {
  readonly lab: 'auto' | 'embedded' | 'real';
  readonly nginx: string | undefined;
  readonly java: string | undefined;
  readonly tomcat: string | undefined;
  readonly redis: string | undefined;
}

const LABS = ['auto', 'embedded', 'real'] as const;

export function labOptions<T>(yargs: Argv<T>): Argv<T & LabArguments> {
  return yargs
    .option('lab', {
      choices: LABS,
      default: 'auto' as const,
      describe: 'real: nginx, Tomcat and Redis; embedded: our own processes, nothing to install; auto: real when all its programs are here',
    })
    .option('nginx', { type: 'string', describe: 'path of nginx' })
    .option('java', { type: 'string', describe: 'path of java' })
    .option('tomcat', { type: 'string', describe: 'CATALINA_HOME of a Tomcat 10' })
    .option('redis', { type: 'string', describe: 'path of redis-server' });
}

export function labChoice({ lab, nginx, java, tomcat, redis }: LabArguments): LabChoice {
  const named = Object.entries({ nginx, java, tomcat, redis }).filter(([, path]) => path !== undefined);
  return { lab, programs: Object.fromEntries(named) };
}
