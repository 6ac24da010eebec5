// What hurts and heals anybody's deployment: shell commands and HTTP requests.

import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unescape as percentDecoded } from 'node:querystring';
import { stripVTControlCharacters } from 'node:util';
import { StickyError } from '../../model/errors.ts';
import type { HttpCall } from '../../model/fault.ts';
import { beforeExit } from '../processes/exits.ts';
import { killGroup } from '../processes/ledger.ts';

const MEND = 'Try the command or request by hand; it must succeed by itself.';
/** How much of what a command said is looked at, in bytes, and how much is told, in characters. */
const LOOKED_AT = 2_000;
const TOLD = 200;

/**
 * Runs a command in a shell and resolves with how the shell ended. What the command leaves in the background is the user's and lives
 * on. Rejects with FAULT_IMPOSSIBLE, and the last line of what was said, when the shell does not end with code 0 within `limit`
 * milliseconds; a shell that is late is ended with all that it started.
 */
export function execute(command: string, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const output = openOutput();
    const shell = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['ignore', output, output] });
    let late = false;
    const end = () => killGroup(shell.pid ?? 0);
    const withdraw = beforeExit(end);
    const timer = setTimeout(() => {
      late = true;
      end();
    }, limit);
    const settle = (problem: string | null) => {
      clearTimeout(timer);
      withdraw();
      const said = lastLine(output);
      closeSync(output);
      if (problem === null) resolve(`\`${command}\` ended with code 0`);
      else reject(new StickyError('FAULT_IMPOSSIBLE', `\`${command}\` ${problem}${said === '' ? '' : `: ${said}`}`, MEND));
    };
    shell.once('error', (error) => settle(`cannot be run: ${error.message}`));
    shell.once('exit', (code, signal) => {
      if (late) settle(`did not end within ${limit / 1000} s`);
      else settle(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`);
    });
  });
}

/**
 * Sends a request and resolves with what was answered; user and password in the URL go as Basic credentials (RFC 7617). Rejects with
 * FAULT_IMPOSSIBLE when no answer comes within `limit` milliseconds, or one with status 400 or more. What is told goes into the record,
 * so the URL is told without user, password and query.
 */
export async function ask({ method, url: text }: HttpCall, limit: number): Promise<string> {
  const url = new URL(text);
  const told = `${method} ${url.origin}${url.pathname}`;
  const failed = (why: string) => new StickyError('FAULT_IMPOSSIBLE', `${told} ${why}`, MEND);
  const headers = credentials(url);
  url.username = '';
  url.password = '';
  const answer = await fetch(url, { method, headers, signal: AbortSignal.timeout(limit) }).catch((error: Error) => {
    throw failed(error.name === 'TimeoutError' ? `was not answered within ${limit / 1000} s` : `failed: ${causeOf(error)}`);
  });
  await answer.body?.cancel();
  if (answer.status >= 400) throw failed(`was answered with ${answer.status}`);
  return `${told} was answered with ${answer.status}`;
}

/**
 * A file without a name. A pipe would not do: it stays open as long as anything in the background has it, and whoever writes to it
 * after we are gone dies of SIGPIPE.
 */
function openOutput(): number {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-output-'));
  try {
    return openSync(join(folder, 'output'), 'w+', 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The last line that says something, cut short, without control characters. */
function lastLine(output: number): string {
  const { size } = fstatSync(output);
  const end = Buffer.alloc(Math.min(size, LOOKED_AT));
  const length = readSync(output, end, 0, end.length, size - end.length);
  const lines = stripVTControlCharacters(end.toString('utf8', 0, length)).split(/[\r\n]+/);
  const plain = lines.map((line) => line.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim());
  return plain.findLast((line) => line !== '')?.slice(0, TOLD) ?? '';
}

function credentials({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** A name with several addresses fails with a cause that has a code and no words. */
function causeOf(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message !== '' || !('code' in cause) ? cause.message : String(cause.code);
}
