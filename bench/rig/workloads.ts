// The workloads that stickybench and artillery are given.

/** What is asked for again and again: `storm` sets a new session id with each answer. */
export type Page = 'visit' | 'storm';

export interface BenchLoad {
  /** Without a slash at its end. */
  readonly url: string;
  readonly page: Page;
  readonly users: number;
  readonly seconds: number;
  /** PEM file of the authority to trust, or null. */
  readonly certificate: string | null;
}

/**
 * Users in a closed loop, each behind an address and so on a connection of his own, each with his own session, without think times. In a storm
 * every answer gives the session a new id.
 */
export function stickybenchWorkload({ url, page, users, seconds, certificate }: BenchLoad): string {
  const flow = page === 'storm' ? '  - loop: [{ get: /storm, op: rotate }]' : `  - post: /login\n  - loop: [{ get: /${page} }]`;
  return `name: bench
target: { url: '${url}', strategy: jvm_route, backends: [tomcat01] }
users: { count: ${users}, cookies: { session: JSESSIONID }, via: bind, pool: 127.0.0.0/8 }
${certificate === null ? '' : `http: { tls: { ca: '${certificate}' } }\n`}phases:
  - { name: all, duration: ${Math.ceil(seconds * 1000)}ms }
flow:
${flow}
`;
}

export interface Crowded {
  readonly url: string;
  readonly users: number;
  /** Seconds in which they come. */
  readonly ramp: number;
  /** `each`: an address and so a connection for each. `shared`: four addresses for all, and as many connections as are needed at one time. */
  readonly connections: 'each' | 'shared';
}

/**
 * Users who log in and then sit idle, with a cookie each. The first come slowly: who finds no free connection opens one, and a cold process
 * would open one for each of a crowd.
 */
export function idleUsersWorkload({ url, users, ramp, connections }: Crowded): string {
  const egress = connections === 'each' ? '{ policy: fixed }' : '{ policy: shared, exits: 4 }';
  return `name: idle
target: { url: '${url}', strategy: jvm_route, backends: [tomcat01] }
users: { count: ${users}, cookies: { session: JSESSIONID }, via: bind, pool: 127.0.0.0/8, egress: [${egress}] }
phases:
  - { name: first, duration: 2s, rampTo: ${Math.min(users, 1000)} }
  - { name: arrive, duration: ${ramp}s, rampTo: ${users} }
  - { name: idle, duration: 300s }
flow:
  - post: /login
  - loop: [{ think: 1h }, { get: /visit }]
`;
}

/** As many users as there are to be, who log in and then visit as fast as they are answered. Artillery's users cannot be told to live on, so they loop. */
export function artilleryScript({ url, page, users }: BenchLoad): string {
  return script(url, { duration: 1, arrivalCount: users }, [
    { post: { url: '/login' } },
    { loop: [{ get: { url: `/${page}` } }], count: 1_000_000_000 },
  ]);
}

/** Users who log in over `ramp` seconds and then sit idle. */
export function idleArtilleryScript(url: string, users: number, ramp: number): string {
  return script(url, { duration: ramp, arrivalCount: users }, [{ post: { url: '/login' } }, { think: 3600 }]);
}

/** Artillery reads JSON as it reads YAML. */
function script(target: string, phase: object, flow: readonly object[]): string {
  return JSON.stringify({ config: { target, phases: [phase] }, scenarios: [{ flow }] });
}

/** Users on a connection each, who come within ten seconds, so that their logins are no burst, and think for so many seconds, give or take a tenth. */
export function steadyWorkload(url: string, users: number, think: number, seconds: number): string {
  const [least, most] = [think * 900, think * 1100].map(Math.round);
  const phases = `[{ name: arrive, duration: 10s, rampTo: ${users}, warmup: true }, { name: steady, duration: ${Math.ceil(seconds)}s }]`;
  return looping(url, users, phases, `[{ get: /visit }, { think: ${least}ms..${most}ms }]`);
}

/** Users on a connection each, who do not think, for an hour. */
export function fullSpeedWorkload(url: string, users: number): string {
  return looping(url, users, '[{ name: all, duration: 1h }]', '[{ get: /visit }]');
}

function looping(url: string, users: number, phases: string, loop: string): string {
  return `name: soak
target: { url: '${url}', strategy: jvm_route, backends: [tomcat01] }
users: { count: ${users}, cookies: { session: JSESSIONID }, via: bind, pool: 127.0.0.0/8 }
phases: ${phases}
flow:
  - post: /login
  - loop: ${loop}
`;
}
