// Faults on the user's own deployment: his commands and his requests, carried out exactly.

import { spawn } from 'node:child_process';
import { StickyError } from '../../model/errors.ts';
import type { FaultAction, HttpCall, Injector } from '../../model/fault.ts';
import { assertNever } from '../../model/never.ts';
import { beforeExit } from '../processes/exits.ts';
import { killGroup } from '../processes/ledger.ts';

/** Milliseconds that a command or a request may take. */
export const LIMIT = 60_000;

/**
 * Carries out `exec` and `http` faults, each within `limit` milliseconds. Rejects with FAULT_IMPOSSIBLE when a command ends with
 * another code than 0, a request is answered with 400 or more, or either takes too long; and for the faults that only a lab can suffer.
 */
export function createOwnInjector(limit: number = LIMIT): Injector {
  return {
    inflict: async ({ action }) => carryOut(action, 'inflict', limit),
    relieve: async ({ action }) => carryOut(action, 'relieve', limit),
  };
}

async function carryOut(action: FaultAction, stage: 'inflict' | 'relieve', limit: number): Promise<string> {
  switch (action.kind) {
    case 'exec': {
      const command = stage === 'inflict' ? action.run : action.undo;
      return command === null ? 'nothing to undo' : execute(command, limit);
    }
    case 'http': {
      const call = stage === 'inflict' ? action.request : action.undo;
      return call === null ? 'nothing to undo' : ask(call, limit);
    }
    case 'kill':
    case 'stop':
    case 'pause':
    case 'restart':
      throw new StickyError('FAULT_IMPOSSIBLE', `${action.kind} ${action.target}: stickybench did not start this deployment`);
    default:
      return assertNever(action);
  }
}

/** The command runs in a shell and in a group of its own, so that all it started can be ended with it. */
function execute(command: string, limit: number): Promise<string> {
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

const MEND = 'Try the command or request by hand; it must succeed by itself.';

async function ask({ method, url }: HttpCall, limit: number): Promise<string> {
  const failed = (why: string) => new StickyError('FAULT_IMPOSSIBLE', `${method} ${url} ${why}`, MEND);
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(limit) }).catch((error: Error) => {
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    throw failed(error.name === 'TimeoutError' ? `was not answered within ${limit / 1000} s` : `failed: ${cause}`);
  });
  await answer.body?.cancel();
  if (answer.status >= 400) throw failed(`was answered with ${answer.status}`);
  return `${method} ${url} was answered with ${answer.status}`;
}
