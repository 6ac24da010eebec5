// Starts one Tomcat node: a CATALINA_BASE of its own and a JVM that is our own child.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child, ProcessSpec } from '../../processes/child.ts';
import { answersHttp, inOrder, type Readiness } from '../../processes/ready.ts';
import { type Supervisor, startOnFreePort } from '../../processes/supervisor.ts';
import type { Programs } from '../programs.ts';
import { confFiles, type NodeFacts } from './base.ts';

export type NodePlan = Omit<NodeFacts, 'port'>;

/** Resolves with the node's port, once its application answers. Throws LAB_NOT_READY with the end of its log. */
export async function startTomcat(supervisor: Supervisor, programs: Pick<Programs, 'java' | 'tomcat'>, plan: NodePlan): Promise<number> {
  const base = join(supervisor.folder, `${plan.name}.base`);
  for (const folder of ['conf', 'temp', 'work']) mkdirSync(join(base, folder), { recursive: true });
  const { port } = await startOnFreePort(supervisor, (free) => {
    for (const [name, text] of Object.entries(confFiles({ ...plan, port: free }))) writeFileSync(join(base, 'conf', name), text);
    return jvm(programs, base, plan.name, free);
  });
  return port;
}

/**
 * The JVM itself and not catalina.sh, whose shell would stand between us and the process that signals are meant for.
 * Only the quick compiler and the plain collector: a node is to be ready within seconds and to leave the memory to the others.
 * Without UsePerfData a killed JVM leaves no file in /tmp.
 */
function jvm(programs: Pick<Programs, 'java' | 'tomcat'>, base: string, name: string, port: number): ProcessSpec {
  const bin = join(programs.tomcat.home, 'bin');
  const properties = {
    'catalina.home': programs.tomcat.home,
    'catalina.base': base,
    'java.io.tmpdir': join(base, 'temp'),
    'java.util.logging.config.file': join(base, 'conf', 'logging.properties'),
    'java.util.logging.manager': 'org.apache.juli.ClassLoaderLogManager',
    'java.security.egd': 'file:/dev/urandom',
    // A connector that cannot have its port ends the JVM; otherwise Tomcat would go on without it.
    'org.apache.catalina.startup.EXIT_ON_INIT_FAILURE': 'true',
  };
  return {
    name,
    command: programs.java.path,
    args: [
      ...['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-Xmx128m'],
      ...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`),
      ...['-cp', `${join(bin, 'bootstrap.jar')}:${join(bin, 'tomcat-juli.jar')}`],
      ...['org.apache.catalina.startup.Bootstrap', 'start'],
    ],
    // Messages in English, so that a taken port is recognised.
    env: { LC_ALL: 'C.UTF-8' },
    cwd: base,
    ready: inOrder(answersHttp(`http://127.0.0.1:${port}/`), namesItself(port)),
  };
}

/** A Tomcat whose application failed to start answers too, but not in the node's name. */
function namesItself(port: number): Readiness {
  return async (child: Child) => {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    await answer.arrayBuffer();
    if (answer.headers.get('Sticky-Backend') !== child.name) throw new Error('runs, but without the application');
  };
}
