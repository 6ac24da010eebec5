// The store process.

import { createServer, type Socket } from 'node:net';
import { endWithParent, orders } from '../process.ts';
import { lineReader, type Question, reply } from './protocol.ts';
import { createStore } from './store.ts';

export interface StoreOrders {
  readonly port: number;
}

const PURGE_EVERY = 1_000;

function main({ port }: StoreOrders): void {
  const store = createStore(Date.now);
  setInterval(() => store.purge(), PURGE_EVERY).unref();
  createServer((socket: Socket) => {
    socket.setNoDelay(true).setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on(
      'data',
      lineReader((line) => socket.write(`${JSON.stringify(reply(store, JSON.parse(line) as Question))}\n`)),
    );
  }).listen(port, '127.0.0.1');
}

endWithParent();
main(orders<StoreOrders>());
