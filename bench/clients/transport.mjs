// stickybench's transport alone: users in a closed loop who send their next request when they have their answer, and look at all five headers.
//
//   node transport.mjs <url> <users>
//
// STICKYBENCH_DIST names another build than the one in dist/.

import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DIST = process.env.STICKYBENCH_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const { createTransport } = await import(pathToFileURL(resolve(DIST, 'engine/transport/transport.js')).href);

const [url, users] = process.argv.slice(2);
const SESSION = 'A1B2C3D4E5F60718293A4B5C6D7E8F90.tomcat01';
const HEADERS = ['Sticky-Backend', 'Sticky-Session', 'Sticky-New', 'Sticky-Owner', 'Sticky-Counter'];
const VALUES = ['tomcat01', SESSION, '0', SESSION, '17'];

const transport = await createTransport({
  target: url,
  via: { via: 'bind' },
  connections: 'per_exit',
  timeout: 10_000_000,
  connectTimeout: 10_000_000,
  maxBody: 1_000_000,
  tls: { ca: null, insecure: true, servername: null },
  watched: HEADERS,
  clock: () => Math.floor(performance.now() * 1000),
  shard: { index: 0, of: 1 },
});
const { host } = new URL(url);
for (let user = 0; user < Number(users); user++) {
  const job = {
    exit: '127.0.0.1',
    lane: -1,
    method: 'GET',
    text: `GET /visit HTTP/1.1\r\nHost: ${host}\r\nCookie: JSESSIONID=${SESSION}\r\n\r\n`,
    wantsBody: false,
    sent() {},
    answered(answer) {
      let wrong = answer.status === 200 ? 0 : 1;
      for (let place = 0; place < VALUES.length; place++) if (!answer.headerIs(place, VALUES[place])) wrong++;
      if (wrong > 0) fail('an unexpected answer');
      transport.send(job);
    },
    refused: fail,
    lost: fail,
  };
  transport.send(job);
}

function fail(what) {
  throw new Error(`exchange failed: ${what}`);
}
