// A second door of the balancer, for clients that begin each connection with a PROXY protocol header.

import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { readProxyHeader } from './proxy-header.ts';

const announced = new WeakMap<Socket, string>();

/** Takes the header off each connection and hands the rest to `http`. A connection that begins otherwise is closed. */
export function proxyListener(http: HttpServer): Server {
  return createServer((socket) => {
    let start = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', function read(chunk) {
      start = Buffer.concat([start, chunk]);
      const header = readProxyHeader(start);
      if (header === 'more') return;
      socket.off('data', read);
      if (header === 'bad') {
        socket.destroy();
        return;
      }
      announced.set(socket, header.source ?? socket.remoteAddress ?? '');
      socket.pause();
      socket.unshift(start.subarray(header.bytes));
      http.emit('connection', socket);
      socket.resume();
    });
  });
}

/** The client whom the header of this connection named; null for a connection that came in by the first door. */
export function announcedClient(socket: Socket): string | null {
  return announced.get(socket) ?? null;
}
