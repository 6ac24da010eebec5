// Ways to see that a process does its work. None sleeps and hopes: each asks until it gets the answer, the process exits, or time is up.

import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Child, logText } from './child.ts';

/** Milliseconds that a process may take to become ready. */
const WITHIN = 60_000;
/** Milliseconds between two questions, and for one answer. */
const BETWEEN = 15;
const ANSWER = 2_000;

export type Readiness = (child: Child) => Promise<void>;

/** The port accepts connections. */
export function acceptsOn(port: number, within: number = WITHIN): Readiness {
  return (child) => asked(child, within, `accept connections on 127.0.0.1:${port}`, () => exchange(port, '').then(() => true));
}

/** A GET is answered with a status below 500. */
export function answersHttp(url: string, within: number = WITHIN): Readiness {
  return (child) => asked(child, within, `answer ${url}`, async () => (await statusOf(url)) < 500);
}

/** Redis answers PING with PONG. */
export function answersPing(port: number, within: number = WITHIN): Readiness {
  return (child) =>
    asked(child, within, `answer PING on 127.0.0.1:${port}`, async () => (await exchange(port, 'PING\r\n')).startsWith('+PONG'));
}

/** The log of this start has a line that matches. */
export function logs(pattern: RegExp, within: number = WITHIN): Readiness {
  return (child) => asked(child, within, `write a line like ${pattern} to its log`, async () => pattern.test(logText(child)));
}

/** All of them, one after the other. */
export function inOrder(...steps: readonly Readiness[]): Readiness {
  return async (child) => {
    for (const step of steps) await step(child);
  };
}

/** Asks until the answer is yes. Throws when time is up, or when the process is gone. */
async function asked(child: Child, within: number, what: string, ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + within;
  while (child.running && performance.now() < deadline) {
    if (await ask().catch(() => false)) return;
    await pause(BETWEEN);
  }
  throw new Error(child.running ? `did not ${what} within ${within / 1000} s` : 'is gone');
}

/** Connects, sends and resolves with the first bytes that come back, or with nothing when there was nothing to send. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: ANSWER });
    const end = (act: () => void) => {
      socket.destroy();
      act();
    };
    socket.once('connect', () => (text === '' ? end(() => resolve('')) : socket.write(text)));
    socket.once('data', (data) => end(() => resolve(data.toString('latin1'))));
    socket.once('timeout', () => end(() => reject(new Error('timeout'))));
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('close', () => reject(new Error('closed')));
  });
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: ANSWER }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 599);
    });
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', reject);
  });
}
