// Starts the real lab: Redis where sessions are shared, one Tomcat for each backend, nginx in front.

import { STRATEGIES } from '../../model/strategy.ts';
import { SECOND } from '../../model/units.ts';
import type { LabPlan } from '../../model/workload.ts';
import type { Supervisor } from '../processes/supervisor.ts';
import type { Started } from '../started.ts';
import { startNginx } from './nginx/balancer.ts';
import type { Programs, RedisProgram } from './programs.ts';
import { startRedis } from './redis.ts';
import type { SessionStore } from './tomcat/base.ts';
import { compileJava } from './tomcat/compile.ts';
import { startTomcat } from './tomcat/node.ts';

/** Resolves once everything answers. Throws LAB_NOT_READY, PORT_IN_USE or COMPILE_FAILED; ending what was started is the supervisor's part. */
export async function startReal(plan: LabPlan, programs: Programs, supervisor: Supervisor): Promise<Started> {
  const redis = STRATEGIES[plan.strategy].sessions === 'shared' ? programs.redis : null;
  const first = [compileJava(programs, supervisor), redis === null ? MEMORY : redisStore(supervisor, redis)] as const;
  // When one fails, javac still tidies up what it has begun.
  await Promise.allSettled(first);
  const [compiled, store] = await Promise.all(first);
  const idleSeconds = Math.max(1, Math.round(plan.sessionTimeout / SECOND));
  const backends = await Promise.all(
    plan.backends.map(async (backend) => {
      const port = await startTomcat(supervisor, programs, { name: backend.name, idleSeconds, store, ...compiled });
      return { ...backend, address: `127.0.0.1:${port}` };
    }),
  );
  const { path, jvmRoute } = programs.nginx;
  const nginx = await startNginx(supervisor, path, plan.port, { plan, backends, jvmRoute });
  return {
    url: `http://127.0.0.1:${nginx.port}`,
    proxyProtocolUrl: `http://127.0.0.1:${nginx.proxyProtocolPort}`,
    backends: backends.map(({ name, address }) => ({ name, address })),
    versions: versions(programs, redis),
    logs: { access: nginx.accessLog },
  };
}

const MEMORY: SessionStore = { kind: 'memory' };

async function redisStore(supervisor: Supervisor, redis: RedisProgram): Promise<SessionStore> {
  return { kind: 'redis', port: await startRedis(supervisor, redis.path) };
}

function versions({ nginx, tomcat, java }: Programs, redis: RedisProgram | null): Readonly<Record<string, string>> {
  return { nginx: nginx.version, tomcat: tomcat.version, java: java.version, ...(redis === null ? {} : { redis: redis.version }) };
}
