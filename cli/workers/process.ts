// A worker that is a process of its own: slower to start, but it may open as many files again.

import { type ChildProcess, fork } from 'node:child_process';
import { beforeExit } from '../../lab/processes/exits.ts';
import { type Ear, LEAVING_MS, type Link } from './link.ts';
import type { Word } from './messages.ts';

/**
 * Starts a process that runs `module`. It has a session of its own, so that Ctrl-C in the terminal reaches us alone, and ends as soon as
 * nobody holds our end of its line any more: however we die, it does.
 */
export function openProcess(module: string, ear: Ear): Link {
  const child = fork(module, [], { serialization: 'advanced', detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const outlived = beforeExit(() => void child.kill('SIGKILL'));
  child.on('message', (word) => ear.word(word as Word));
  const gone = goneOf(child).then((reason) => {
    outlived();
    ear.gone(reason);
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  return {
    // An order to a child that is just gone comes back as an error; that it is gone is told elsewhere.
    send: (order) => void (child.connected && child.send(order, () => {})),
    kill,
    async ended() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => void kill(), LEAVING_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Why the child is gone, once it is. A child that could not be started never was there. */
function goneOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
  });
}
