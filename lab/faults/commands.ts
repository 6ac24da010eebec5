// What hurts and heals anybody's deployment: shell commands and HTTP requests.

import { spawn } from 'node:child_process';
import { StickyError } from '../../model/errors.ts';
import type { HttpCall } from '../../model/fault.ts';
import { beforeExit } from '../processes/exits.ts';
import { killGroup } from '../processes/ledger.ts';

const MEND = 'Try the command or request by hand; it must succeed by itself.';

/**
 * Runs a command in a shell and resolves with how it ended. It runs in a group of its own, so that all it started can be ended with it.
 * Rejects with FAULT_IMPOSSIBLE when it does not end with code 0 within `limit` milliseconds.
 */
export function execute(command: string, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let late = false;
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-2_000);
      });
    }
    const end = () => killGroup(shell.pid ?? 0);
    const withdraw = beforeExit(end);
    const timer = setTimeout(() => {
      late = true;
      end();
    }, limit);
    const settle = (problem: string | null) => {
      clearTimeout(timer);
      withdraw();
      if (problem === null) resolve(`\`${command}\` ended with code 0`);
      else reject(new StickyError('FAULT_IMPOSSIBLE', `\`${command}\` ${problem}${said === '' ? '' : `:\n${said.trimEnd()}`}`, MEND));
    };
    shell.once('error', (error) => settle(`cannot be run: ${error.message}`));
    shell.once('close', (code, signal) => {
      if (late) settle(`did not end within ${limit / 1000} s`);
      else settle(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`);
    });
  });
}

/** Sends a request and resolves with what was answered. Rejects with FAULT_IMPOSSIBLE as `execute` does, and when the status is 400 or more. */
export async function ask({ method, url }: HttpCall, limit: number): Promise<string> {
  const failed = (why: string) => new StickyError('FAULT_IMPOSSIBLE', `${method} ${url} ${why}`, MEND);
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(limit) }).catch((error: Error) => {
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    throw failed(error.name === 'TimeoutError' ? `was not answered within ${limit / 1000} s` : `failed: ${cause}`);
  });
  await answer.body?.cancel();
  if (answer.status >= 400) throw failed(`was answered with ${answer.status}`);
  return `${method} ${url} was answered with ${answer.status}`;
}
