// The cost of one exchange: the transport alone, in a closed loop over real nginx, against wrk on the same core.
//
//   npm run build && node bench/exchange.mjs [repetitions] [seconds] [connections]

import { fileURLToPath } from 'node:url';
import { HEADERS, pair, VALUES } from './pair.mjs';

const ME = fileURLToPath(import.meta.url);

if (process.argv[2] === '--client') await client(process.argv[3], Number(process.argv[4]));
else if (process.argv[2] === '--sockets') await sockets(process.argv[3], Number(process.argv[4]));
else await compare(Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 6), Number(process.argv[4] ?? 64));

async function compare(repetitions, seconds, connections) {
  const clientsFor = (url) => ({
    wrk: ['wrk', '-t1', `-c${connections}`, '-d600', url],
    sockets: [process.execPath, ME, '--sockets', url, String(connections)],
    transport: [process.execPath, ME, '--client', url, String(connections)],
  });
  await pair({ repetitions, seconds, warmUp: 1.5, clientsFor });
}

/** Users in a closed loop: each sends its next request when it has its answer, and looks at all five headers. */
async function client(url, users) {
  const { createTransport } = await import('../dist/engine/transport/transport.js');
  const transport = await createTransport({
    target: url,
    via: { via: 'header', header: 'X-Forwarded-For' },
    connections: 'per_exit',
    timeout: 10_000_000,
    connectTimeout: 10_000_000,
    maxBody: 1_000_000,
    tls: { ca: null, insecure: false, servername: null },
    watched: HEADERS,
    clock: () => Math.floor(performance.now() * 1000),
    most: Number.POSITIVE_INFINITY,
    shard: { index: 0, of: 1 },
  });
  const { host } = new URL(url);
  let wrong = 0;
  const fail = (what) => {
    throw new Error(`exchange failed: ${what}`);
  };
  for (let user = 0; user < users; user++) {
    const job = {
      exit: '127.0.0.1',
      lane: -1,
      method: 'GET',
      text: `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: JSESSIONID=${VALUES[1]}\r\n\r\n`,
      wantsBody: false,
      sent() {},
      answered(answer) {
        for (let place = 0; place < VALUES.length; place++) if (!answer.headerIs(place, VALUES[place])) wrong++;
        if (answer.status !== 200 || wrong > 0) fail('an unexpected answer');
        transport.send(job);
      },
      refused: fail,
      lost: fail,
    };
    transport.send(job);
  }
}

/** The floor under any client on Node: the same sockets, and nobody reads the answers. */
async function sockets(url, users) {
  const { connect } = await import('node:net');
  const { hostname, port, host } = new URL(url);
  const buffer = Buffer.alloc(65536);
  const text = `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: JSESSIONID=${VALUES[1]}\r\n\r\n`;
  for (let user = 0; user < users; user++) {
    const callback = () => {
      socket.write(text, 'latin1');
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback } });
    socket.once('connect', callback);
  }
}
