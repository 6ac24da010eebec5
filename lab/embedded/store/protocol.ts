// How backends and store talk: lines of JSON over TCP, answered in the order in which they were asked.

import type { Store, StoreValue } from './store.ts';

export type Question =
  | readonly ['ping']
  | readonly ['get', string]
  | readonly ['insert' | 'update', string, StoreValue, number]
  | readonly ['touch', string, number]
  | readonly ['rename', string, string]
  | readonly ['remove', string];

export type Reply = StoreValue | boolean | null;

/** Asks the store. */
export function reply(store: Store, question: Question): Reply {
  switch (question[0]) {
    case 'ping':
      return true;
    case 'get':
      return store.get(question[1]);
    case 'insert':
    case 'update':
      return store[question[0]](question[1], question[2], question[3]);
    case 'touch':
      return store.touch(question[1], question[2]);
    case 'rename':
      return store.rename(question[1], question[2]);
    case 'remove':
      return store.remove(question[1]);
  }
}

/** Turns chunks of text into whole lines. The last line may still be coming. */
export function lineReader(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}
