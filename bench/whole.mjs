// The cost of a request to all of stickybench: users with cookie jars, every analyzer, with and without the record, against wrk on the same core.
//
//   npm run build && node bench/whole.mjs [repetitions] [seconds] [connections]
//
// wrk sends one fixed cookie and looks at nothing. stickybench logs every user in once, writes his own cookie, reads five headers, keeps two
// latency clocks, affinity, losses, leaks and balance, and (recorded) writes one Parquet row per request.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pair, SESSION } from './pair.mjs';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const [repetitions = 5, seconds = 6, connections = 64] = process.argv.slice(2).map(Number);

const workload = (url) => `
name: bench
target: { url: '${url}', strategy: jvm_route, backends: [tomcat01] }
users: { count: ${connections}, cookies: { session: JSESSIONID }, via: bind, pool: 127.0.0.0/8 }
phases:
  - { name: all, duration: ${Math.ceil(seconds) + 30}s }
flow:
  - post: /login
  - loop:
      - get: /visit
`;

await pair({
  repetitions,
  seconds,
  warmUp: 3,
  clientsFor: (url, folder) => {
    const file = join(folder, 'bench.yml');
    writeFileSync(file, workload(url.slice(0, -1)));
    const run = [process.execPath, MAIN, 'run', file, '--quiet', '--out', join(folder, 'runs')];
    return {
      wrk: ['wrk', '-t1', `-c${connections}`, '-d600', '-H', `Cookie: JSESSIONID=${SESSION}`, `${url}visit`],
      stickybench: [...run, '--no-record'],
      'stickybench, recorded': run,
    };
  },
});
